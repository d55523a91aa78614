using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Checkout;

/// <summary>The last hop of an order: collects the payment and hands over the parcel. What it returns is the result of the request.</summary>
internal sealed class ShippingHandler(TimeProvider time) : IRequestHandler<ShippingRequest, CheckoutResult>
{
    private static readonly TimeSpan _takes = TimeSpan.FromMilliseconds(300);

    public async Task<CheckoutResult> HandleAsync(ShippingRequest request, HandlerContext context, CancellationToken cancellationToken)
    {
        context.Report(70, "Packing the parcel");
        await Task.Delay(_takes, time, cancellationToken);
        context.Report(90, $"Collecting {request.Order.Amount} {request.Order.Currency}");
        await Task.Delay(_takes, time, cancellationToken);
        return new(request.Payment, request.Reservation, $"parcel-{context.CorrelationId:n}");
    }
}
