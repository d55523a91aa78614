namespace AspireFeedback.Web.Log;

/// <summary>Looks for requests of all owners, beside <see cref="IRequestLog"/>. For people: seldom, and never on the way of a request.</summary>
internal interface IRequestSearch
{
    /// <summary>
    /// What fits, newest first by acceptance, without results. The cost of a call has a bound, however much the log holds: where little fits, it
    /// gives up early and tells where to go on.
    /// </summary>
    /// <exception cref="LogUnavailableException">In an outage, or when it takes too long.</exception>
    Task<FoundRequests> FindAsync(RequestSearch search, CancellationToken cancellationToken);
}

/// <summary>What is absent does not matter; the rest must fit together.</summary>
internal sealed record RequestSearch
{
    public RequestStatus? Status { get; init; }
    public string? Kind { get; init; }
    public Guid? Owner { get; init; }

    /// <summary>Accepted this long ago at least, by the log's clock.</summary>
    public TimeSpan? MinAge { get; init; }

    /// <summary>Accepted this long ago at most.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Only what runs on a worker that has been silent for too long.</summary>
    public bool Stalled { get; init; }

    /// <summary>Part of the type, title or detail of the request's error, upper and lower case alike.</summary>
    public string? ErrorText { get; init; }

    /// <summary>Only what was accepted before this place (exclusive).</summary>
    public (DateTimeOffset CreatedAt, Guid Id)? Before { get; init; }
    public int Limit { get; init; } = 50;
}

/// <param name="Next">Where to go on; <c>null</c> at the end. It may be older than the last request found: so far has been looked.</param>
internal sealed record FoundRequests(IReadOnlyList<RequestState> Requests, (DateTimeOffset CreatedAt, Guid Id)? Next);
