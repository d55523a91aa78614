using System.Text.Json;
using System.Text.Json.Serialization;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Log;

/// <summary>What happened to a request. Stored under the names in <see cref="EventNames"/>; the time and the version stand beside it.</summary>
internal abstract record RequestEvent;

internal sealed record RequestAccepted(
    string Kind,
    Guid Owner,
    JsonElement Payload,
    IReadOnlyList<Guid>? Files,
    string Fingerprint,
    DateTimeOffset Deadline,
    string? TraceParent,
    string? TraceState) : RequestEvent
{
    /// <summary>How long the request is kept after its end; absent: <see cref="RetentionOptions.Default"/>.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>Names of the files, for whoever reads of the request; absent where their senders told none.</summary>
    public IReadOnlyList<string>? FileNames { get; init; }
}

internal sealed record AttemptStarted(int Attempt, int Hop, string Endpoint, Guid Run, string? Worker, bool Redelivered, int Delivery) : RequestEvent;

internal sealed record HopStarted(int Attempt, int Hop, string Endpoint, Guid Run, string? Worker, bool Redelivered, int Delivery) : RequestEvent;

internal sealed record ProgressReported(int Attempt, Guid Run, long Sequence, double? Percent, string? Message) : RequestEvent;

internal sealed record OutputAppended(int Attempt, Guid Run, int Index, string Chunk) : RequestEvent;

internal sealed record HopForwarded(int Attempt, int Hop, string Kind, JsonElement Message) : RequestEvent;

internal sealed record InputRequested(int Attempt, string Key, string Question, JsonElement? Schema) : RequestEvent;

internal sealed record InputProvided(string Key, JsonElement Answer, string By) : RequestEvent;

/// <summary>Without <paramref name="NextAttemptAt"/> the request is held.</summary>
internal sealed record AttemptFailed(int Attempt, Guid? Run, Problem Error, DateTimeOffset? NextAttemptAt) : RequestEvent
{
    /// <summary>Not counted: the worker died, and other work that it had may have been the cause.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool Spared { get; init; }
}

/// <summary>With <paramref name="NextAttemptAt"/> a new attempt takes over; without it the run may come back.</summary>
internal sealed record AttemptStalled(int Attempt, Guid Run, DateTimeOffset LastSeen, DateTimeOffset? NextAttemptAt) : RequestEvent;

internal sealed record RetryRequested(string By) : RequestEvent;

internal sealed record CancellationRequested(string By) : RequestEvent;

internal sealed record RequestSucceeded(int Attempt, Guid Run, JsonElement Result) : RequestEvent;

internal sealed record RequestFailed(int? Attempt, Guid? Run, Problem Error) : RequestEvent;

internal sealed record RequestCanceled(int? Attempt, Guid? Run, string By, string? Reason = null) : RequestEvent;

/// <summary>An event with its place in the request's stream.</summary>
/// <param name="At">PostgreSQL's clock.</param>
internal sealed record StoredEvent(Guid RequestId, int Version, DateTimeOffset At, RequestEvent Event);
