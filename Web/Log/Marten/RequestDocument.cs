using AspireFeedback.Web.Log.Postgres;

namespace AspireFeedback.Web.Log.Marten;

/// <summary>
/// The snapshot of a request as Marten keeps it. What statements look for stands in columns beside the document; those columns count, since some
/// change without an event: whose it is, and until when it is kept.
/// </summary>
internal sealed record RequestDocument
{
    public required Guid Id { get; init; }
    public required Guid Owner { get; init; }
    public required string Kind { get; init; }
    public required string Status { get; init; }
    public required int StreamVersion { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required DateTimeOffset Deadline { get; init; }
    public required string Fingerprint { get; init; }
    public required bool Done { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>As text, so that numbers of answers stay as they were written.</summary>
    public required string State { get; init; }
    public string? Result { get; init; }

    public static RequestDocument Of(RequestState state, string fingerprint) => new()
    {
        Id = state.Id,
        Owner = state.Owner,
        Kind = state.Kind,
        Status = Rows.NameOf(state.Status),
        StreamVersion = state.Version,
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
        Deadline = state.Deadline,
        Fingerprint = fingerprint,
        Done = state.Done,
        ExpiresAt = state.ExpiresAt,
        State = Rows.WriteState(state),
        Result = state.Result,
    };
}
