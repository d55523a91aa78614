using AspireFeedback.Web.Log.Postgres;

namespace AspireFeedback.Web.Log.Marten;

/// <summary>What stands in the outbox, written in the session that makes it necessary. When it is due, its column says; who claims it moves that.</summary>
internal sealed record DispatchDocument
{
    public long Id { get; set; }
    public Guid MessageId { get; init; } = Guid.NewGuid();
    public required Guid RequestId { get; init; }
    public required string Type { get; init; }
    public required string Kind { get; init; }
    public required int Attempt { get; init; }
    public required int Hop { get; init; }
    public int? EventVersion { get; init; }
    public string? Body { get; init; }
    public required DateTimeOffset DueAt { get; init; }

    public static DispatchDocument Of(OutgoingRow row) => new()
    {
        RequestId = row.RequestId,
        Type = row.Type,
        Kind = row.Kind,
        Attempt = row.Attempt,
        Hop = row.Hop,
        EventVersion = row.Version,
        Body = row.Body,
        DueAt = row.DueAt,
    };
}
