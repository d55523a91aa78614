using AspireFeedback.Web.Files;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Policies;

/// <summary>
/// Ended requests go when their retention is over; what stays for a year says that they were there. Every instance does this, in small batches that
/// skip what another one has. A held request has not ended: its deadline ends it.
/// </summary>
internal sealed partial class Retention(ILogUpkeep log, IFileStore files, TimeProvider time, ILogger<Retention> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private const int Batch = 100;
    private const int EventBatch = 2_000;

    /// <summary>At most so many statements of a kind in one turn.</summary>
    private const int MaxBatches = 2000;

    /// <returns>How many requests were removed.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        await EachStep.RunAsync(
        [
            stop => RepeatAsync(Batch, () => log.BuryAsync(Batch, stop)),
            async stop => removed = await RepeatAsync(Batch, () => RemoveAsync(stop)),
            stop => RepeatAsync(1, () => log.RemoveEventsAsync(EventBatch, stop)),
            stop => RepeatAsync(Batch, () => log.ForgetAsync(Batch, stop)),
        ], cancellationToken);
        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await RunOnceAsync(stoppingToken) is > 0 and var removed)
                    LogRemoved(removed);
            }
            catch (LogUnavailableException e)
            {
                LogPostponed(e.Message);
            }
#pragma warning disable CA1031 // What cannot be removed today must not stop the process that accepts requests.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailure(e);
            }
        }
    }

    /// <summary>Should this end between the two, the files go at their own time.</summary>
    private async Task<int> RemoveAsync(CancellationToken cancellationToken)
    {
        var gone = await log.RemoveBuriedAsync(Batch, cancellationToken);
        if (gone.Count > 0)
            await files.ReleaseAsync(gone, cancellationToken);
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

    [LoggerMessage(1412, LogLevel.Warning, "The removal of old requests waits for PostgreSQL: {Reason}")]
    private partial void LogPostponed(string reason);

    [LoggerMessage(1413, LogLevel.Error, "Old requests could not be removed this time")]
    private partial void LogFailure(Exception e);
}
