using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Policies;

/// <summary>
/// What must not go on for ever: requests past their deadline, cancellations that no worker answers, runs that have fallen silent. Any instance
/// may decide; two that do at once meet at the version. Only PostgreSQL's clock counts.
/// </summary>
internal sealed partial class EndPolicies(IRequestLog log, LogAppender appender, UndisturbedReports reports, TimeProvider time, ILogger<EndPolicies> logger) : BackgroundService
{
    private const int MaxBatch = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestLease = KindCatalog.All.Min(kind => kind.Policy.Lease);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ExpireAsync(stoppingToken);
                await GiveUpOnCancelsAsync(stoppingToken);
                await StallAsync(stoppingToken);
            }
            catch (LogUnavailableException e)
            {
                reports.Disturbed();
                LogOutage(e.Message);
            }
#pragma warning disable CA1031 // One request that cannot be judged must not stop the process that accepts others.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailure(e);
            }
        }
    }

    private async Task ExpireAsync(CancellationToken cancellationToken)
    {
        var expired = await log.FindExpiredAsync(MaxBatch, cancellationToken);
        if (expired.Count > 0)
            await appender.AppendAsync([.. expired.Select(id => (id, (RequestCommand)new ExpireRequest()))], cancellationToken);
    }

    private async Task GiveUpOnCancelsAsync(CancellationToken cancellationToken)
    {
        var timers = await log.ClaimTimersAsync(MaxBatch, Claim, cancellationToken);
        if (timers.Count == 0)
            return;
        await appender.AppendAsync([.. timers.Select(timer => (timer.RequestId, (RequestCommand)new GiveUpOnCancel()))], cancellationToken);
        await log.CompleteAsync([.. timers.Select(timer => timer.Id)], cancellationToken);
    }

    /// <summary>Nobody is judged by reports that could not get here: while some still wait, and for one lease after an outage.</summary>
    private async Task StallAsync(CancellationToken cancellationToken)
    {
        await reports.ObserveAsync(cancellationToken);
        var trusted = reports.Lasted;
        if (trusted < ShortestLease)
            return;
        var silent = await log.FindSilentAsync(ShortestLease, MaxBatch, cancellationToken);
        var stalled = silent.Where(run => KindCatalog.PolicyOf(run.Kind).Lease is var lease && run.Silence > lease && trusted > lease)
            .Select(run => (run.RequestId, (RequestCommand)new StallRun(run.Run, run.LastSeen))).ToArray();
        if (stalled.Length > 0)
            await appender.AppendAsync(stalled, cancellationToken);
    }

    [LoggerMessage(1402, LogLevel.Error, "Deadlines and leases could not be looked after this time")]
    private partial void LogFailure(Exception e);

    [LoggerMessage(1401, LogLevel.Warning, "Deadlines and leases wait for PostgreSQL: {Reason}")]
    private partial void LogOutage(string reason);
}
