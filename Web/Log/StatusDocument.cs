using System.Text.Json;
using System.Text.Json.Serialization;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Log;

/// <summary>What the owner reads about a request (<c>docs/http.md</c>).</summary>
internal record StatusDocument
{
    public required Guid Id { get; init; }
    public required string Kind { get; init; }
    public required RequestStatus Status { get; init; }
    public required bool Done { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>What the files that the payload names are called, ten at most and as far as it is known.</summary>
    public IReadOnlyList<string>? FileNames { get; init; }
    public double? PercentComplete { get; init; }
    public string? Message { get; init; }
    public AttemptView? Attempt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool Stalled { get; init; }
    public QueueView? Queue { get; init; }
    public PendingInput? Input { get; init; }
    public DateTimeOffset? CancelRequestedAt { get; init; }
    public required DateTimeOffset Deadline { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public JsonElement? Result { get; init; }
    public string? ResultUrl { get; init; }
    public Problem? Error { get; init; }
    public string? TraceId { get; init; }

    /// <summary>Results above this size (UTF-16 units) are fetched by their own URL, so that documents stay small enough to push.</summary>
    public const int InlineResultLimit = 256 * 1024;

    public static StatusDocument Of(RequestState state, KindCatalog kinds, bool withResult = true)
    {
        var limit = kinds.PolicyOf(state.NextKind).MaxFailures;
        var inline = withResult && state.Result is { Length: <= InlineResultLimit };
        return new()
        {
            Id = state.Id,
            Kind = state.Kind,
            Status = state.Status,
            Done = state.Done,
            Version = state.Version,
            CreatedAt = state.CreatedAt,
            LastUpdatedAt = state.UpdatedAt,
            FileNames = state.FileNames,
            PercentComplete = state.Percent,
            Message = state.Done ? null : state.Message,
            Attempt = new(Math.Clamp(state.Failures + (state.Status is RequestStatus.Held ? 0 : 1), 1, limit), limit, state.NextAttemptAt),
            Stalled = state.Stalled,
            Input = state.Input,
            CancelRequestedAt = state.CancelRequestedAt,
            Deadline = state.Deadline,
            ExpiresAt = state.ExpiresAt,
            Result = inline ? JsonSerializer.Deserialize<JsonElement>(state.Result!, FeedbackJson.Options) : null,
            ResultUrl = state.Status is RequestStatus.Succeeded && !inline ? $"/requests/{state.Id}/result" : null,
            Error = state.Error is { } error ? error with { TraceId = TraceIdOf(state.TraceParent) } : null,
            TraceId = TraceIdOf(state.TraceParent),
        };
    }

    private static string? TraceIdOf(string? traceParent) => traceParent is { Length: >= 35 } ? traceParent.Substring(3, 32) : null;
}

/// <summary>Where a pending request stands among those of its kind, estimated.</summary>
/// <param name="Position">1: the next.</param>
/// <param name="EtaSeconds">Until it is taken; absent while nothing is known of the queue's pace.</param>
internal sealed record QueueView(int Position, int? EtaSeconds);

internal sealed record AttemptView(int Number, int Of, DateTimeOffset? NextAt);
