namespace AspireFeedback.Web.Log;

/// <summary>
/// The log of all requests: append-only streams, their snapshots, and the messages that go out with them, in one transaction. Batches in,
/// batches out. Every method throws <see cref="LogUnavailableException"/> in an outage; then nothing or all of a batch item may have been written.
/// </summary>
internal interface IRequestLog
{
    /// <summary>Accepts what is new and tells of the rest what stands there already. One result per item, in order.</summary>
    Task<IReadOnlyList<SubmitResult>> SubmitAsync(IReadOnlyList<Submission> batch, CancellationToken cancellationToken);

    /// <summary>What a submit of this would meet, without submitting it; <c>null</c> when the id is free.</summary>
    Task<SubmitResult?> FindSubmittedAsync(Submission submission, CancellationToken cancellationToken);

    /// <summary>Snapshots by id, with PostgreSQL's time of the reading; ids that are unknown are missing.</summary>
    Task<Snapshots> LoadAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Appends where the revision still is what it was decided on. One result per item, in order.</summary>
    Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<Commit> batch, CancellationToken cancellationToken);

    /// <summary>A part of a stream in order: versions above <paramref name="after"/>, <paramref name="limit"/> at most.</summary>
    Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(Guid id, int after, int limit, CancellationToken cancellationToken);

    /// <summary>The parts of many streams above a version each, in one query; ordered by request and version, <paramref name="limit"/> per stream.</summary>
    Task<IReadOnlyList<StoredEvent>> ReadStreamsAsync(IReadOnlyDictionary<Guid, int> after, int limit, CancellationToken cancellationToken);

    /// <summary>The owner's requests, newest first by acceptance, without their results.</summary>
    Task<IReadOnlyList<RequestState>> ListAsync(Guid owner, ListFilter filter, CancellationToken cancellationToken);

    /// <summary>The current version of each request that exists.</summary>
    Task<IReadOnlyDictionary<Guid, int>> ReadVersionsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Takes messages that are due for <paramref name="lease"/>; who does not complete or postpone them in time loses them to another.</summary>
    Task<IReadOnlyList<Outgoing>> ClaimDueAsync(int limit, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Takes timers that are due, likewise.</summary>
    Task<IReadOnlyList<DueTimer>> ClaimTimersAsync(int limit, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Open requests past their deadline, by PostgreSQL's clock.</summary>
    Task<IReadOnlyList<Guid>> FindExpiredAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Current runs that have been silent for longer than the lease of their hop's kind, or than <paramref name="otherwise"/> where the kind has
    /// none here, and are not marked as stalled yet.
    /// </summary>
    Task<IReadOnlyList<SilentRun>> FindSilentAsync(
        IReadOnlyDictionary<string, TimeSpan> leases, TimeSpan otherwise, int limit, CancellationToken cancellationToken);

    /// <summary>Removes messages and timers that are done with.</summary>
    Task CompleteAsync(IReadOnlyCollection<long> outgoing, CancellationToken cancellationToken);

    /// <summary>Notes that these runs were heard of now, as far as each is its request's current one. Makes no event.</summary>
    Task RenewLeasesAsync(IReadOnlySet<(Guid RequestId, Guid Run)> runs, CancellationToken cancellationToken);

    /// <summary>Makes messages due again after <paramref name="delay"/>.</summary>
    Task PostponeAsync(IReadOnlyCollection<long> outgoing, TimeSpan delay, CancellationToken cancellationToken);
}

/// <param name="Deadline">Absent: the default from the acceptance on.</param>
internal sealed record Submission(
    Guid Id,
    Guid Owner,
    string Kind,
    System.Text.Json.JsonElement Payload,
    string Fingerprint,
    DateTimeOffset? Deadline,
    IReadOnlyList<Guid>? Files,
    string? TraceParent,
    string? TraceState)
{
    /// <summary>What the files are called, as far as their senders have said; no part of the fingerprint, since the same bytes may be sent again under another.</summary>
    public IReadOnlyList<string>? FileNames { get; init; }
}

internal enum SubmitStatus
{
    Accepted,

    /// <summary>The same request stands there already.</summary>
    Replayed,

    /// <summary>Another request has this id.</summary>
    IdReused,

    /// <summary>The same request was there once and is past its retention.</summary>
    Gone,

    /// <summary>The database refuses this item (data that it cannot hold), alone.</summary>
    Refused,
}

/// <param name="State">The request, unless the id belongs to another or is gone.</param>
/// <param name="Announcement">The event of an acceptance.</param>
/// <param name="Outgoing">What this instance has to send for it now.</param>
internal sealed record SubmitResult(SubmitStatus Status, RequestState? State = null, StoredEvent? Announcement = null, Outgoing? Outgoing = null);

internal sealed record Snapshots(IReadOnlyDictionary<Guid, RequestState> ById, DateTimeOffset Now);

/// <summary>Decided events, to be appended if the request still has the version of <paramref name="Before"/>.</summary>
internal sealed record Commit(RequestState Before, RequestState After, IReadOnlyList<RequestEvent> Events, DateTimeOffset At)
{
    public static Commit Of(RequestState before, IReadOnlyList<RequestEvent> events, DateTimeOffset at)
    {
        var after = before;
        foreach (var e in events)
            after = after.Apply(e, at);
        return new(before, after, events, at);
    }
}

/// <param name="Committed">False: the version has moved; load and decide again.</param>
/// <param name="Due">When a message became due with it, if one did; a sweeper claims it then.</param>
/// <param name="Refused">The database cannot hold its data.</param>
internal sealed record CommitResult(bool Committed, DateTimeOffset? Due = null, bool Refused = false);

/// <summary>A message that the log wants sent. It stays in the outbox until it is completed.</summary>
internal sealed record Outgoing(long Id, Guid RequestId, Guid MessageId, OutgoingType Type, string Kind, int Attempt, int Hop, string Body)
{
    /// <summary>See <see cref="RequestState.Alone"/>.</summary>
    public bool Alone { get; init; }

    public Guid Owner { get; init; }
    public DateTimeOffset Deadline { get; init; }
    public IReadOnlyList<Guid>? Files { get; init; }
    public string? TraceParent { get; init; }
    public string? TraceState { get; init; }
}

/// <summary>Something that a step of a request asked to be reminded of.</summary>
/// <param name="Silence">Since the current run was heard of; <c>null</c> without one.</param>
/// <param name="SinceCancel">Since its owner canceled it; <c>null</c> when nobody has.</param>
internal sealed record DueTimer(long Id, Guid RequestId, string Kind, TimeSpan? Silence, TimeSpan? SinceCancel)
{
    public const string GiveUpOnCancel = "give-up-on-cancel";
}

internal sealed record SilentRun(Guid RequestId, Guid Run, DateTimeOffset LastSeen);

internal enum OutgoingType
{
    Work,
    Stop,
}

internal sealed record ListFilter
{
    public RequestStatus? Status { get; init; }
    public string? Kind { get; init; }
    public DateTimeOffset? AcceptedAfter { get; init; }
    public DateTimeOffset? ChangedAfter { get; init; }

    /// <summary>Only what was accepted before this place (exclusive): the cursor of a page.</summary>
    public (DateTimeOffset CreatedAt, Guid Id)? Before { get; init; }
    public int Limit { get; init; } = 50;
}

/// <summary>PostgreSQL cannot be reached or gave up; the same call may work later.</summary>
internal sealed class LogUnavailableException(string message, Exception inner) : Exception(message, inner);
