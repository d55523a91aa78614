using System.Text.Json;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Checkout;

/// <summary>The first hop of an order: asks before a large payment, has the amount set aside, and hands the order on to the warehouse.</summary>
internal sealed class PaymentHandler(TimeProvider time) : IRequestHandler<CheckoutRequest, CheckoutResult>
{
    public const decimal ApprovalLimit = 500;

    private static readonly TimeSpan _takes = TimeSpan.FromMilliseconds(300);

    private static readonly JsonElement _approval = JsonElement.Parse(
        """{"type":"object","properties":{"approved":{"type":"boolean","title":"I approve this payment"}},"required":["approved"],"additionalProperties":false}""");

    public async Task<CheckoutResult> HandleAsync(CheckoutRequest request, HandlerContext context, CancellationToken cancellationToken)
    {
        // Ends this run; with the answer the handler starts again from the top and gets it here.
        if (request.Amount > ApprovalLimit && !context.Ask<Approval>("approval", $"Pay {request.Amount} {request.Currency}?", _approval).Approved)
            throw new ProblemException(KindProblems.NotApproved.With("Nothing was paid."), permanent: true);

        context.Report(10, $"Setting {request.Amount} {request.Currency} aside");
        await Task.Delay(_takes, time, cancellationToken);
        // A payment provider takes the correlation id as its idempotency key: a second run of this gets the same payment. What is set aside
        // and not collected lapses by itself, so that an order which ends at a later hop has nothing to undo here.
        var payment = $"payment-{context.CorrelationId:n}";
        return context.Forward(Kinds.CheckoutStock, new(request, payment, context.Attempt));
    }
}
