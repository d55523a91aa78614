using System.Globalization;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Checkout;

/// <summary>The second hop of an order: reserves its goods.</summary>
internal sealed class StockHandler(TimeProvider time) : IRequestHandler<StockRequest, CheckoutResult>
{
    private static readonly TimeSpan _takes = TimeSpan.FromMilliseconds(300);

    public async Task<CheckoutResult> HandleAsync(StockRequest request, HandlerContext context, CancellationToken cancellationToken)
    {
        var items = request.Order.Items;
        for (var i = 0; i < items.Count; i++)
        {
            context.Report(40 + (20.0 * i / items.Count), $"Reserving {items[i].Quantity} × {items[i].Sku}");
            await Task.Delay(_takes / items.Count, time, cancellationToken);
            if (items[i].Sku == "sold-out")
                throw new ProblemException(KindProblems.SoldOut.With(items[i].Sku), permanent: true);
            // Not permanent: the log schedules another attempt, which resumes here and does not pay again.
            if (context.Attempt < request.FirstAttempt + BusyTimes(items[i].Sku))
                throw new ProblemException(KindProblems.WarehouseBusy.With($"While reserving {items[i].Sku}."));
        }
        return context.Forward(Kinds.CheckoutShipping, new(request.Order, request.Payment, $"reservation-{context.CorrelationId:n}"));
    }

    private static int BusyTimes(string sku) =>
        sku.StartsWith("busy-", StringComparison.Ordinal) && int.TryParse(sku.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var times) ? times : 0;
}
