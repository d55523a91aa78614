using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Outbox;

namespace AspireFeedback.Web.Log;

/// <param name="State">After what was decided; <c>null</c> for an unknown request.</param>
internal sealed record AppendResult(RequestState? State, Decision Decision)
{
    public static AppendResult Unknown { get; } = new(null, Decision.Nothing);
}

/// <summary>
/// The one way from commands to events: load, decide, commit what still matches, decide the rest again; then wake the outbox and announce.
/// Batches in, batches out; the commands for one request take effect in their order.
/// </summary>
internal sealed partial class LogAppender(IRequestLog log, KindCatalog kinds, LiveFeed feed, OutboxPublisher outbox, ILogger<LogAppender> logger)
{
    private const int MaxRounds = 50;

    public async Task<AppendResult> AppendAsync(Guid id, RequestCommand command, CancellationToken cancellationToken) =>
        (await AppendAsync([(id, command)], cancellationToken))[0];

    public async Task<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<(Guid Id, RequestCommand Command)> batch, CancellationToken cancellationToken)
    {
        var results = new AppendResult[batch.Count];
        Array.Fill(results, AppendResult.Unknown);
        var open = Enumerable.Range(0, batch.Count).GroupBy(n => batch[n].Id).ToDictionary(group => group.Key, group => group.ToArray());
        for (var round = 0; open.Count > 0; round++)
        {
            if (round == MaxRounds)
                throw new InvalidOperationException($"A request of {open.Count} moved away {MaxRounds} times.");
            var snapshots = await log.LoadAsync(open.Keys, cancellationToken);
            var steps = open.Where(pair => snapshots.ById.ContainsKey(pair.Key))
                .Select(pair => Decide(snapshots.ById[pair.Key], pair.Value, batch, snapshots.Now, results)).ToArray();
            var moved = await CommitAsync(steps, cancellationToken);
            open = open.Where(pair => moved.Contains(pair.Key)).ToDictionary();
        }

        return results;
    }

    private Commit Decide(
        RequestState before, int[] commands, IReadOnlyList<(Guid Id, RequestCommand Command)> batch, DateTimeOffset now, AppendResult[] results)
    {
        var policy = kinds.PolicyOf(before.NextKind);
        var state = before;
        var events = new List<RequestEvent>();
        foreach (var n in commands)
        {
            var decision = RequestDecisions.Decide(state, batch[n].Command, policy, now);
            foreach (var e in decision.Events)
                state = state.Apply(e, now);
            events.AddRange(decision.Events);
            results[n] = new(state, decision);
        }

        return new(before, state, events, now);
    }

    /// <returns>The requests whose version had moved.</returns>
    private async Task<HashSet<Guid>> CommitAsync(Commit[] steps, CancellationToken cancellationToken)
    {
        var moved = new HashSet<Guid>();
        var writes = Array.FindAll(steps, step => step.Events.Count > 0);
        // A repeat decides nothing; whoever missed the announcement of the first time is told again.
        var announcements = steps.Where(step => step.Events.Count == 0).Select(step => new Announcement(step.After, [])).ToList();
        var committed = writes.Length == 0 ? [] : await log.CommitAsync(writes, cancellationToken);
        foreach (var (step, result) in writes.Zip(committed))
        {
            if (result.Committed)
            {
                announcements.Add(new(step.After, Stored(step)));
                if (step.After.Done || step.After.Status is RequestStatus.Held)
                    LogEnded(step.After.Id, step.After.Status, step.After.Version);
            }
            else if (result.Refused)
                LogRefused(step.Before.Id, step.Events.Count);
            else
                moved.Add(step.Before.Id);
            if (result.Due is { } due && due <= step.At)
                outbox.Wake();
        }

        await feed.AnnounceAsync(announcements, cancellationToken);
        return moved;
    }

    private static StoredEvent[] Stored(Commit step) =>
        [.. step.Events.Select((e, n) => new StoredEvent(step.Before.Id, step.Before.Version + n + 1, step.At, e))];

    [LoggerMessage(1202, LogLevel.Debug, "Request {RequestId} is {Status} at version {Version}")]
    private partial void LogEnded(Guid requestId, RequestStatus status, int version);

    [LoggerMessage(1201, LogLevel.Error, "PostgreSQL cannot hold {Count} events of request {RequestId}; they are dropped")]
    private partial void LogRefused(Guid requestId, int count);
}
