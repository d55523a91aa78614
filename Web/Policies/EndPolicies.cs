using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Policies;

/// <summary>
/// What must not go on for ever: requests past their deadline, cancellations that no worker answers, runs that have fallen silent. Any instance
/// may decide; two that do at once meet at the version. Only PostgreSQL's clock counts.
/// </summary>
internal sealed class EndPolicies : PolicyRounds
{
    private const int MaxBatch = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(10);

    private readonly IRequestLog _log;
    private readonly LogAppender _appender;
    private readonly UndisturbedReports _reports;
    private readonly KindCatalog _kinds;
    private readonly TimeSpan _shortestLease;

    public EndPolicies(
        IRequestLog log, LogAppender appender, UndisturbedReports reports, KindCatalog kinds, TimeProvider time, ILogger<EndPolicies> logger)
        : base("Deadlines and leases", Interval, time, logger)
    {
        (_log, _appender, _reports, _kinds) = (log, appender, reports, kinds);
        _shortestLease = kinds.All.Select(kind => kind.Policy.Lease).DefaultIfEmpty(KindPolicy.Default.Lease).Min();
    }

    protected override async Task RoundAsync(CancellationToken cancellationToken)
    {
        await ExpireAsync(cancellationToken);
        await GiveUpOnCancelsAsync(cancellationToken);
        await StallAsync(cancellationToken);
    }

    protected override void OnOutage() => _reports.Disturbed();

    private async Task ExpireAsync(CancellationToken cancellationToken)
    {
        var expired = await _log.FindExpiredAsync(MaxBatch, cancellationToken);
        if (expired.Count > 0)
            await _appender.AppendAsync([.. expired.Select(id => (id, (RequestCommand)new ExpireRequest()))], cancellationToken);
    }

    private async Task GiveUpOnCancelsAsync(CancellationToken cancellationToken)
    {
        var timers = await _log.ClaimTimersAsync(MaxBatch, Claim, cancellationToken);
        if (timers.Count == 0)
            return;
        await _appender.AppendAsync([.. timers.Select(timer => (timer.RequestId, (RequestCommand)new GiveUpOnCancel()))], cancellationToken);
        await _log.CompleteAsync([.. timers.Select(timer => timer.Id)], cancellationToken);
    }

    /// <summary>Nobody is judged by reports that could not get here: while some still wait, and for one lease after an outage.</summary>
    private async Task StallAsync(CancellationToken cancellationToken)
    {
        await _reports.ObserveAsync(cancellationToken);
        var trusted = _reports.Lasted;
        if (trusted < _shortestLease)
            return;
        var silent = await _log.FindSilentAsync(_shortestLease, MaxBatch, cancellationToken);
        var stalled = silent.Where(run => _kinds.PolicyOf(run.Kind).Lease is var lease && run.Silence > lease && trusted > lease)
            .Select(run => (run.RequestId, (RequestCommand)new StallRun(run.Run, run.LastSeen))).ToArray();
        if (stalled.Length > 0)
            await _appender.AppendAsync(stalled, cancellationToken);
    }
}
