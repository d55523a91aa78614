using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Feedback;

/// <summary>Reads from the log what connections have missed; those who miss something at the same time share the queries.</summary>
internal sealed class LogReader : IDisposable
{
    /// <summary>Events read for one request at a time.</summary>
    public const int Page = 200;

    private readonly BatchedRead<Guid, RequestState> states;
    private readonly BatchedRead<(Guid Id, int After), IReadOnlyList<StoredEvent>> streams;

    public LogReader(IRequestLog log)
    {
        states = new(async (ids, cancellationToken) => (await log.LoadAsync(ids, cancellationToken)).ById, max: 100);
        streams = new((keys, cancellationToken) => ReadAsync(log, keys, cancellationToken), max: 100);
    }

    public Task<RequestState?> LoadAsync(Guid id, CancellationToken cancellationToken) => states.ReadAsync(id, cancellationToken);

    /// <summary>
    /// Everything above a version up to the present, with the status. Only the last <see cref="Page"/> events of a longer gap: the receiver
    /// sees from where they start, and can read the rest of the stream by itself. <c>null</c>: no such request of this owner.
    /// </summary>
    public async Task<Change?> ReadChangeAsync(Guid owner, Guid id, int after, CancellationToken cancellationToken)
    {
        if (await LoadAsync(id, cancellationToken) is not { } state || state.Owner != owner)
            return null;
        if (state.Version <= after)
            return Change.Told(state);
        var from = Math.Max(after, state.Version - Page);
        var stored = await streams.ReadAsync((id, from), cancellationToken) ?? [];
        return Change.Of(state, from, [.. stored.TakeWhile(e => e.Version <= state.Version)]);
    }

    /// <summary>The next events above a version, without a status. The owner has been checked when the reader was let in.</summary>
    public async Task<Change> ReadPartAsync(Guid owner, Guid id, int after, CancellationToken cancellationToken) =>
        await streams.ReadAsync((id, after), cancellationToken) is { Count: > 0 } stored ? Change.Part(owner, id, stored) : Change.Told(owner, id, after);

    public void Dispose()
    {
        states.Dispose();
        streams.Dispose();
    }

    private static async Task<IReadOnlyDictionary<(Guid Id, int After), IReadOnlyList<StoredEvent>>> ReadAsync(
        IRequestLog log, IReadOnlyCollection<(Guid Id, int After)> keys, CancellationToken cancellationToken)
    {
        var found = new Dictionary<(Guid, int), IReadOnlyList<StoredEvent>>(keys.Count);
        // One query, unless readers of the same stream stand at different places.
        var rounds = keys.GroupBy(key => key.Id).SelectMany(same => same.Select((key, round) => (key, round))).GroupBy(x => x.round, x => x.key);
        foreach (var round in rounds)
        {
            var after = round.ToDictionary(key => key.Id, key => key.After);
            var events = await log.ReadStreamsAsync(after, Page, cancellationToken);
            foreach (var stream in events.GroupBy(e => e.RequestId))
                found[(stream.Key, after[stream.Key])] = [.. stream];
        }
        return found;
    }
}
