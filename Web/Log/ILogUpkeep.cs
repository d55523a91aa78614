namespace AspireFeedback.Web.Log;

/// <summary>
/// What keeps the log small and its requests moving, beside <see cref="IRequestLog"/>. Any instance may ask at any time: what another one has at
/// this moment is passed over. Every method throws <see cref="LogUnavailableException"/> in an outage.
/// </summary>
internal interface ILogUpkeep
{
    /// <summary>Writes the tombstones of requests past their retention. From then on nobody can submit them again.</summary>
    /// <returns>How many.</returns>
    Task<int> BuryAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Removes requests whose tombstone is old enough, with their events, messages and leases.</summary>
    Task<IReadOnlyList<Guid>> RemoveBuriedAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Removes tombstones that have stood for a year.</summary>
    /// <returns>How many.</returns>
    Task<int> ForgetAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Puts into the outbox again what was sent to the queue of one of these kinds, was due more than <paramref name="patience"/> ago, and has never
    /// started: the same attempt and hop. Not again before <paramref name="patience"/> has passed once more.
    /// </summary>
    Task<IReadOnlyList<RepeatedDispatch>> RepeatDispatchesAsync(
        IReadOnlyCollection<string> kinds, TimeSpan patience, int limit, CancellationToken cancellationToken);
}

internal sealed record RepeatedDispatch(Guid RequestId, string Kind, int Attempt);
