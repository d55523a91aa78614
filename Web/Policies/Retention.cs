using AspireFeedback.Web.Files;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Policies;

/// <summary>
/// Ended requests go when their retention is over; what stays for a year says that they were there. Every instance does this, in small batches that
/// skip what another one has. A held request has not ended: its deadline ends it.
/// </summary>
internal sealed partial class Retention : PolicyRounds
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private const int Batch = 100;
    private const int EventBatch = 2_000;

    /// <summary>At most so many statements of a kind in one turn.</summary>
    private const int MaxBatches = 2000;

    private readonly ILogUpkeep _log;
    private readonly IFileStore _files;
    private readonly ILogger _logger;

    public Retention(ILogUpkeep log, IFileStore files, TimeProvider time, ILogger<Retention> logger)
        : base("The removal of old requests", Interval, time, logger) => (_log, _files, _logger) = (log, files, logger);

    /// <returns>How many requests were removed.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        await EachStep.RunAsync(
        [
            stop => RepeatAsync(Batch, () => _log.PromiseAsync(Batch, stop)),
            stop => RepeatAsync(Batch, () => _log.BuryAsync(Batch, stop)),
            async stop => removed = await RepeatAsync(Batch, () => RemoveAsync(stop)),
            stop => RepeatAsync(1, () => _log.RemoveEventsAsync(EventBatch, stop)),
            stop => RepeatAsync(Batch, () => _log.ForgetAsync(Batch, stop)),
        ], cancellationToken);
        return removed;
    }

    protected override async Task RoundAsync(CancellationToken cancellationToken)
    {
        if (await RunOnceAsync(cancellationToken) is > 0 and var removed)
            LogRemoved(removed);
    }

    /// <summary>Should this end between the two, the files go at their own time.</summary>
    private async Task<int> RemoveAsync(CancellationToken cancellationToken)
    {
        var gone = await _log.RemoveBuriedAsync(Batch, cancellationToken);
        if (gone.Count > 0)
            await _files.ReleaseAsync(gone, cancellationToken);
        return gone.Count;
    }

    /// <param name="full">So many done in one statement: there may be more.</param>
    private static async Task<int> RepeatAsync(int full, Func<Task<int>> batch)
    {
        var all = 0;
        for (var n = 0; n < MaxBatches; n++)
        {
            var count = await batch();
            all += count;
            if (count < full)
                break;
        }

        return all;
    }

    [LoggerMessage(1411, LogLevel.Information, "Removed {Count} requests that are past their retention")]
    private partial void LogRemoved(int count);
}
