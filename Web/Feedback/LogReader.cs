using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Feedback;

/// <summary>Reads from the log what connections have missed; those who miss something at the same time share the queries.</summary>
internal sealed class LogReader : IAsyncDisposable
{
    /// <summary>Events read for one request at a time.</summary>
    public const int Page = 100;

    /// <summary>Longer streams are not replayed for their status in the middle.</summary>
    public const int MostReplayed = 2_000;

    private const int MaxBatch = 100;
    private const int MaxWaiting = 100_000;

    private readonly Batches<Guid, RequestState?> _states;
    private readonly Batches<(Guid Id, int After), IReadOnlyList<StoredEvent>> _streams;

    private readonly KindCatalog _kinds;

    public LogReader(IRequestLog log, KindCatalog kinds)
    {
        _kinds = kinds;
        _states = new(lanes: 1, MaxBatch, MaxWaiting, async (ids, cancellationToken) =>
        {
            var found = (await log.LoadAsync(ids.ToHashSet(), cancellationToken)).ById;
            return [.. ids.Select(found.GetValueOrDefault)];
        });
        _streams = new(lanes: 1, MaxBatch, MaxWaiting, async (keys, cancellationToken) =>
        {
            var found = await ReadAsync(log, keys.ToHashSet(), cancellationToken);
            return [.. keys.Select(key => found.GetValueOrDefault(key) ?? [])];
        });
    }

    public Task<RequestState?> LoadAsync(Guid id, CancellationToken cancellationToken) => Ask(_states, id).WaitAsync(cancellationToken);

    /// <summary>
    /// What happened above a version, with the status that it led to: up to the present, or a page of a longer gap. Of a gap in a very long
    /// stream only the end, then <see cref="Change.From"/> says so. <c>null</c>: no such request of this owner.
    /// </summary>
    public async Task<Change?> ReadChangeAsync(Guid owner, Guid id, int after, CancellationToken cancellationToken)
    {
        if (await LoadAsync(id, cancellationToken) is not { } state || state.Owner != owner)
            return null;
        if (state.Version <= after)
            return Change.Told(state);
        var from = after;
        if (state.Version - after > Page && state.Version > MostReplayed)
            from = state.Version - Page;
        else if (state.Version - after > Page)
            // The log says who submitted it; whose it is since a guest signed in, the row says.
            state = (await ReplayAsync(id, after + Page, cancellationToken)) with { Owner = owner };
        var stored = await Ask(_streams, (id, from)).WaitAsync(cancellationToken);
        return Change.Of(state, from, [.. stored.TakeWhile(e => e.Version <= state.Version)], _kinds);
    }

    /// <summary>The next events above a version, without a status. The owner has been checked when the reader was let in.</summary>
    public async Task<Change> ReadPartAsync(Guid owner, Guid id, int after, CancellationToken cancellationToken) =>
        await Ask(_streams, (id, after)).WaitAsync(cancellationToken) is { Count: > 0 } stored ? Change.Part(owner, id, stored) : Change.Told(owner, id, after);

    public async ValueTask DisposeAsync()
    {
        await _states.DisposeAsync();
        await _streams.DisposeAsync();
    }

    private async Task<RequestState> ReplayAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        var state = new RequestState { Id = id };
        while (state.Version < version)
        {
            var page = await Ask(_streams, (id, state.Version)).WaitAsync(cancellationToken);
            if (page.Count == 0)
                throw new InvalidDataException($"The stream of request {id} ends before version {version}.");
            state = page.Take(version - state.Version).Aggregate(state, (folded, e) => folded.Apply(e.Event, e.At));
        }
        return state;
    }

    private static Task<TResult> Ask<TItem, TResult>(Batches<TItem, TResult> batches, TItem item) =>
        batches.TryAdd(item, out var result) ? result : throw new LogUnavailableException("Too much is read at the same time.", new TimeoutException());

    private static async Task<IReadOnlyDictionary<(Guid Id, int After), IReadOnlyList<StoredEvent>>> ReadAsync(
        IRequestLog log, HashSet<(Guid Id, int After)> keys, CancellationToken cancellationToken)
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
