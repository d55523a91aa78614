using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Messaging;

namespace AspireFeedback.Backend.Handling;

/// <summary>Hands the work on to the queue of another kind.</summary>
internal sealed partial class NextHop(ITransport transport, TimeProvider time, ILogger<NextHop> logger)
{
    private const int TriesWithoutQueue = 6; // about three seconds: long enough for a queue that is being declared

    /// <summary>
    /// Completes when the message is confirmed, with the outcome to report: a failure when no queue takes the kind, and none when the message
    /// that this run came from is lost or <paramref name="giveUp"/> has fired.
    /// </summary>
    public async Task<RunOutcome?> SendAsync(Run run, Message template, RunForwarded next, CancellationToken giveUp)
    {
        var work = template with
        {
            MessageId = Guid.CreateVersion7(),
            Type = MessageTypes.Work,
            Body = JsonSerializer.SerializeToUtf8Bytes(new WorkBody(next.Message), FeedbackJson.Options),
            Attempt = run.Attempt,
            Hop = run.Hop + 1,
            Run = null,
            Files = run.Message.Files,
        };
        for (int failures = 1, unroutable = 0; ; failures++)
        {
            var outcome = await TrySendAsync(next.Kind, work, run.Lost);
            if (outcome is SendOutcome.Confirmed)
                return next;
            if (outcome is SendOutcome.Unroutable && ++unroutable >= TriesWithoutQueue)
                return new RunFailed(Problem.Of("hop-unreachable", "The next step of the work cannot be reached.", $"No queue takes '{next.Kind}'."));
            LogNotForwarded(next.Kind, outcome, failures);
            if (!await Pace.WaitAfterFailureAsync(failures, time, run.Lost, giveUp))
                return null;
        }
    }

    private async Task<SendOutcome> TrySendAsync(string kind, Message work, CancellationToken lost)
    {
        try
        {
            return (await transport.SendWorkAsync([new(kind, work)], lost))[0];
        }
        catch (Exception exception) when (exception is TransportUnavailableException or OperationCanceledException)
        {
            return SendOutcome.Failed;
        }
    }

    [LoggerMessage(4020, LogLevel.Warning, "Not forwarded to {Kind}: {Outcome}, try {Try}.")]
    private partial void LogNotForwarded(string kind, SendOutcome outcome, int @try);
}
