namespace AspireFeedback.Web.Log;

/// <summary>
/// What keeps the log small and its requests moving, beside <see cref="IRequestLog"/>. Any instance may ask at any time: what another one has at
/// this moment is passed over. Every method throws <see cref="LogUnavailableException"/> in an outage.
/// </summary>
internal interface ILogUpkeep
{
    /// <summary>
    /// Gives those that a version without retention has ended, beside this one, the end of their retention: as was promised at their acceptance.
    /// </summary>
    /// <returns>How many.</returns>
    Task<int> PromiseAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Writes the tombstones of requests past their retention. From then on nobody can submit them again.</summary>
    /// <returns>How many.</returns>
    Task<int> BuryAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Removes requests whose tombstone is old enough, with their messages and leases. Their events are left for <see cref="RemoveEventsAsync"/>.</summary>
    Task<IReadOnlyList<Guid>> RemoveBuriedAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Removes events of requests that are removed: a stream may be longer than one statement may take.</summary>
    /// <returns>0 when none are left.</returns>
    Task<int> RemoveEventsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Removes tombstones that have stood for a year.</summary>
    /// <returns>How many.</returns>
    Task<int> ForgetAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Puts into the outbox again what was sent to the queue of one of these kinds, was due more than <paramref name="patience"/> ago, and has never
    /// started: the same attempt and hop. Not again before <paramref name="patience"/> has passed once more.
    /// </summary>
    Task<IReadOnlyList<RepeatedDispatch>> RepeatDispatchesAsync(
        IReadOnlyCollection<string> kinds, TimeSpan patience, int limit, CancellationToken cancellationToken);

    /// <summary>The pending requests of each kind, oldest first. Costs as much as there are of them: ask seldom.</summary>
    Task<IReadOnlyList<WaitingSample>> SampleWaitingAsync(IReadOnlyCollection<string> kinds, CancellationToken cancellationToken);

    /// <summary>How many requests of each owner have not ended; counted up to <paramref name="most"/>.</summary>
    Task<IReadOnlyDictionary<Guid, int>> CountOpenAsync(IReadOnlyCollection<Guid> owners, int most, CancellationToken cancellationToken);

    /// <summary>How many messages wait to be sent; counted up to <paramref name="most"/>.</summary>
    Task<int> CountUnsentAsync(int most, CancellationToken cancellationToken);
}

/// <summary>A kind's queue at a time. <paramref name="Places"/> counts from 1, and is in order with the times of acceptance.</summary>
/// <param name="At">PostgreSQL's clock.</param>
/// <param name="Accepted">Evenly chosen requests of the queue, the oldest and the newest among them.</param>
internal sealed record WaitingSample(
    string Kind, DateTimeOffset At, int Waiting, IReadOnlyList<DateTimeOffset> Accepted, IReadOnlyList<int> Places);

internal sealed record RepeatedDispatch(Guid RequestId, string Kind, int Attempt);
