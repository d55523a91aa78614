using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Outbox;

namespace AspireFeedback.Web.Requests;

/// <summary>Groups concurrent submits into statements, and afterwards tells the outbox and whoever waits.</summary>
internal sealed partial class SubmitBatches(IRequestLog log, OutboxPublisher outbox, LiveFeed feed, ILogger<SubmitBatches> logger) : IAsyncDisposable
{
    private readonly Batches<Submission, SubmitResult> _batches = new(lanes: 2, maxBatch: 256, maxWaiting: 10_000, async (batch, cancellationToken) =>
    {
        var results = await log.SubmitAsync(batch, cancellationToken);
        foreach (var result in results)
        {
            if (result.Outgoing is not { } outgoing)
                continue;
            LogAccepted(logger, outgoing.RequestId, outgoing.Kind);
            outbox.Send(outgoing);
        }

        await feed.AnnounceAsync([.. results.Where(result => result.Announcement is not null).Select(result => new Announcement(result.State!, [result.Announcement!]))], cancellationToken);
        return results;
    });

    public bool TryAdd(Submission submission, out Task<SubmitResult> result) => _batches.TryAdd(submission, out result);

    public ValueTask DisposeAsync() => _batches.DisposeAsync();

    [LoggerMessage(1501, LogLevel.Debug, "Accepted request {RequestId} of kind {Kind}")]
    private static partial void LogAccepted(ILogger logger, Guid requestId, string kind);
}
