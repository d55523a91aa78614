using System.Diagnostics.Metrics;
using AspireFeedback.Messaging;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Outbox;

namespace AspireFeedback.Web.Policies;

/// <summary>
/// A broker may lose what it has confirmed (a disk, a purged queue, a restore). What was dispatched, has not started for long, and stands in no queue
/// is published again as the same attempt: if the first was merely slow, the log records one outcome all the same.
/// </summary>
internal sealed partial class LostDispatches : PolicyRounds
{
    private const int Batch = 1_000;
    private const int MaxRounds = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ILogUpkeep _log;
    private readonly ITransport _transport;
    private readonly UndisturbedReports _reports;
    private readonly OutboxPublisher _outbox;
    private readonly KindCatalog _kinds;
    private readonly ILogger _logger;
    private readonly Counter<long> _repeated;

    public LostDispatches(
        ILogUpkeep log, ITransport transport, UndisturbedReports reports, OutboxPublisher outbox, KindCatalog kinds, IMeterFactory meters, TimeProvider time,
        ILogger<LostDispatches> logger)
        : base("The search for lost dispatches", Interval, time, logger)
    {
        (_log, _transport, _reports, _outbox, _kinds, _logger) = (log, transport, reports, outbox, kinds, logger);
        _repeated = meters.Create("AspireFeedback.Web.Policies").CreateCounter<long>(
            "feedback.dispatches.repeated", "{dispatch}", "Dispatches that never started and were sent again, by kind.");
    }

    /// <returns>How many are sent again.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        // A start that is reported but not taken yet, and what only now leaves the outbox after an outage, are not lost.
        if (_reports.Lasted < Patience)
            return 0;
        var empty = new List<string>();
        foreach (var kind in _kinds.All)
        {
            if (await _transport.CountReadyWorkAsync(kind.Name, cancellationToken) is 0)
                empty.Add(kind.Name);
        }

        if (empty.Count == 0)
            return 0;
        var all = 0;
        for (var round = 0; round < MaxRounds; round++)
        {
            var repeated = await RepeatAsync(empty, cancellationToken);
            all += repeated;
            if (repeated < Batch)
                break;
        }

        return all;
    }

    private async Task<int> RepeatAsync(List<string> kinds, CancellationToken cancellationToken)
    {
        var repeated = await _log.RepeatDispatchesAsync(kinds, Patience, Batch, cancellationToken);
        foreach (var dispatch in repeated)
        {
            LogRepeated(dispatch.RequestId, dispatch.Attempt, dispatch.Kind);
            _repeated.Add(1, new KeyValuePair<string, object?>("kind", dispatch.Kind));
        }

        if (repeated.Count > 0)
            _outbox.Wake();
        return repeated.Count;
    }

    protected override Task RoundAsync(CancellationToken cancellationToken) => RunOnceAsync(cancellationToken);

    [LoggerMessage(1421, LogLevel.Warning, "Request {RequestId}, attempt {Attempt}, was sent to an empty queue of kind {Kind} and never started; it is sent again")]
    private partial void LogRepeated(Guid requestId, int attempt, string kind);
}
