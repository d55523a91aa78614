using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Echo;

/// <summary>Gives its text back, after as much pretended work and as many failures as the request asks for.</summary>
internal sealed class EchoHandler(TimeProvider time, EchoLedger ledger) : IRequestHandler<EchoRequest, EchoResult>
{
    public async Task<EchoResult> HandleAsync(EchoRequest request, HandlerContext context, CancellationToken cancellationToken)
    {
        ledger.Write(context.CorrelationId, context.Attempt, context.Hop, finished: false);
        var steps = Math.Max(1, request.Steps ?? 0);
        var delay = TimeSpan.FromMilliseconds((double)(request.DelayMs ?? 0) / steps);
        for (var step = 1; step <= steps; step++)
        {
            if (delay > TimeSpan.Zero)
                await Task.Delay(delay, time, cancellationToken);
            if (request.Steps > 0)
                context.Report(100.0 * step / steps, $"Step {step} of {steps}");
        }
        if (context.Attempt <= (request.FailTimes ?? 0))
            throw new ProblemException(KindProblems.EchoFailed.With($"Attempt {context.Attempt}; the first {request.FailTimes} fail."));
        ledger.Write(context.CorrelationId, context.Attempt, context.Hop, finished: true);
        return new(request.Text);
    }
}
