using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Policies;

/// <summary>
/// What must not go on for ever: requests past their deadline, cancellations that no worker answers, runs that have fallen silent. Any instance
/// may decide; two that do at once meet at the version. Only PostgreSQL's clock counts.
/// </summary>
internal sealed class EndPolicies : PolicyRounds
{
    private const int MaxBatch = 500;
    private const int MaxRounds = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(10);

    /// <summary>A step with much to do lets the others have their turn.</summary>
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(1);

    /// <summary>A worker that is told to stop and goes on reporting is not waited for longer.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Never = TimeSpan.FromDays(36_500);

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

    public Task RunOnceAsync(CancellationToken cancellationToken) =>
        EachStep.RunAsync([ExpireAsync, GiveUpOnCancelsAsync, StallAsync], cancellationToken);

    protected override Task RoundAsync(CancellationToken cancellationToken) => RunOnceAsync(cancellationToken);

    protected override void OnOutage() => _reports.Disturbed();

    private Task ExpireAsync(CancellationToken cancellationToken) => WhileFullAsync(async () =>
    {
        var expired = await _log.FindExpiredAsync(MaxBatch, cancellationToken);
        if (expired.Count > 0)
            await _appender.AppendAsync([.. expired.Select(id => (id, (RequestCommand)new ExpireRequest()))], cancellationToken);
        return expired.Count;
    });

    private Task GiveUpOnCancelsAsync(CancellationToken cancellationToken) => WhileFullAsync(async () =>
    {
        var timers = await _log.ClaimTimersAsync(MaxBatch, Claim, cancellationToken);
        // One that is left becomes due again when its claim has run out.
        var over = timers.Where(timer => !MayBeAnswered(timer)).ToArray();
        if (over.Length > 0)
        {
            await _appender.AppendAsync([.. over.Select(timer => (timer.RequestId, (RequestCommand)new GiveUpOnCancel()))], cancellationToken);
            await _log.CompleteAsync([.. over.Select(timer => timer.Id)], cancellationToken);
        }

        return timers.Count;
    });

    /// <summary>The worker is there, or its answer could not get here: it may yet say that it has stopped, or that it had succeeded.</summary>
    private bool MayBeAnswered(DueTimer timer) =>
        timer.SinceCancel < LongestAnswer && (timer.Silence < DispatchPlan.CancelAnswerLimit || _reports.Lasted == TimeSpan.Zero);

    /// <summary>Nobody is judged by reports that could not get here: while some still wait, and for one lease after an outage.</summary>
    private async Task StallAsync(CancellationToken cancellationToken)
    {
        await _reports.ObserveAsync(cancellationToken);
        var trusted = _reports.Lasted;
        if (trusted < _shortestLease)
            return;
        var leases = _kinds.All.ToDictionary(kind => kind.Name, kind => Trusted(kind.Policy.Lease));
        await WhileFullAsync(async () =>
        {
            var silent = await _log.FindSilentAsync(leases, Trusted(KindPolicy.Default.Lease), MaxBatch, cancellationToken);
            if (silent.Count > 0)
                await _appender.AppendAsync([.. silent.Select(run => (run.RequestId, (RequestCommand)new StallRun(run.Run, run.LastSeen)))], cancellationToken);
            return silent.Count;
        });

        TimeSpan Trusted(TimeSpan lease) => trusted > lease ? lease : Never;
    }

    private async Task WhileFullAsync(Func<Task<int>> batch)
    {
        var begun = Time.GetTimestamp();
        for (var round = 0; round < MaxRounds && Time.GetElapsedTime(begun) < StepLimit; round++)
        {
            if (await batch() < MaxBatch)
                break;
        }
    }
}
