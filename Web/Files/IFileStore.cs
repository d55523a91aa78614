namespace AspireFeedback.Web.Files;

/// <summary>
/// Where uploaded bytes live. A file is its owner's alone: the same id under two owners names two files. Its bytes never change. An outage
/// surfaces as the exception of the store's client.
/// </summary>
internal interface IFileStore
{
    Task<StoredFile?> FindAsync(Guid owner, Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the bytes as they come, in flat memory. Nothing of them shows before all have arrived; when <paramref name="content"/> fails, nothing is
    /// left. Bytes that are there already are compared, not stored again.
    /// </summary>
    Task<Written> WriteAsync(FileDraft draft, Stream content, CancellationToken cancellationToken);

    /// <summary>Reads a file from any place in it; the stream holds no connection between reads.</summary>
    Stream OpenRead(StoredFile file);

    /// <returns>Those ids that name no file of the owner.</returns>
    Task<IReadOnlyList<Guid>> FindMissingAsync(Guid owner, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>
    /// To be called before a request that names these files is accepted: from then on they stay as long as it does. Should it not be accepted after
    /// all, they stay no longer than if nobody had asked, or an hour.
    /// </summary>
    Task<KeptFiles> KeepAsync(Guid owner, IReadOnlyCollection<Guid> ids, Guid request, CancellationToken cancellationToken);

    /// <summary>Nothing keeps any longer what the workers of these requests wrote, and these requests keep no file that they named.</summary>
    Task ReleaseAsync(IReadOnlyCollection<Guid> requests, CancellationToken cancellationToken);
}

/// <param name="Missing">Those ids that name no file of the owner.</param>
/// <param name="Names">Of the others, in the order in which they were asked for, as far as their senders told a name.</param>
internal sealed record KeptFiles(IReadOnlyList<Guid> Missing, IReadOnlyList<string> Names);

/// <param name="Length">If the sender has told it.</param>
/// <param name="RequestId">The request whose worker writes this; null for what the owner uploads.</param>
/// <param name="KeptUntil">Absent: a day from the upload. A file that a request names stays beyond it.</param>
internal sealed record FileDraft(Guid Owner, Guid Id, string? Name, string MediaType, long? Length, Guid? RequestId = null, DateTimeOffset? KeptUntil = null);

/// <param name="Upload">Where its chunks are.</param>
internal sealed record StoredFile(
    Guid Owner, Guid Id, Guid Upload, string? Name, string MediaType, long Size, ReadOnlyMemory<byte> Sha256, Guid? RequestId, DateTimeOffset CreatedAt);

internal enum WriteStatus
{
    Created,

    /// <summary>The same bytes stand there already.</summary>
    Same,

    /// <summary>Other bytes stand there already.</summary>
    Different,

    TooLarge,

    /// <summary>With it the owner would have more than one may.</summary>
    TooMuchStored,

    /// <summary>The upload paused for so long that it was given up.</summary>
    GivenUp,
}

/// <param name="File">When it was created, or stood there already.</param>
internal sealed record Written(WriteStatus Status, StoredFile? File = null);
