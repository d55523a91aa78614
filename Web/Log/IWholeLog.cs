namespace AspireFeedback.Web.Log;

/// <summary>
/// The events of all requests in one order, beside <see cref="IRequestLog"/>: for projections, exports and whatever else wants everything. Once a
/// reader has been given a position, nothing appears at or before it any more; who stores the last one goes on there. Positions only rise, and some
/// are never used. Every method throws <see cref="LogUnavailableException"/> in an outage.
/// </summary>
internal interface IWholeLog
{
    /// <summary>All events after a position, up to what is settled when it begins. Few of them are in memory at a time.</summary>
    /// <exception cref="StoredEventException">A newer version wrote an event that this one does not know; what came before it has been given.</exception>
    IAsyncEnumerable<LoggedEvent> ReadAllAsync(LogPosition after, CancellationToken cancellationToken);

    /// <summary>
    /// The next events after a position, <paramref name="limit"/> at most. A transaction that has written and stays open holds back what came after
    /// it: then this waits a second at most, and gives what was settled before.
    /// </summary>
    /// <exception cref="StoredEventException">As in <see cref="ReadAllAsync"/>.</exception>
    Task<IReadOnlyList<LoggedEvent>> ReadPageAsync(LogPosition after, int limit, CancellationToken cancellationToken);

    /// <summary>How far the log is, and what holds back its readers.</summary>
    Task<LogLag> MeasureAsync(CancellationToken cancellationToken);
}

/// <summary>A place in the order of all events. It survives a dump and its restore into another cluster.</summary>
internal readonly record struct LogPosition(long Value)
{
    /// <summary>Before the first event.</summary>
    public static LogPosition Start => default;
}

internal sealed record LoggedEvent(LogPosition Position, StoredEvent Stored);

/// <param name="Newest">The highest position that is committed.</param>
/// <param name="HeldBackFor">The age of the oldest transaction that has written to the log and is still open; readers wait for it.</param>
internal sealed record LogLag(LogPosition Newest, TimeSpan HeldBackFor);
