using System.Text.Json;
using System.Text.Json.Serialization;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Log;

internal enum RequestStatus
{
    Pending,
    Running,
    InputRequired,
    Held,
    Succeeded,
    Failed,
    Canceled,
}

/// <summary>The fold of a request's stream. Members marked as ignored have a column of their own in the snapshot row.</summary>
internal sealed partial record RequestState
{
    [JsonIgnore] public Guid Id { get; init; }
    [JsonIgnore] public Guid Owner { get; init; }
    [JsonIgnore] public string Kind { get; init; } = "";
    [JsonIgnore] public RequestStatus Status { get; init; }
    [JsonIgnore] public int Version { get; init; }
    [JsonIgnore] public DateTimeOffset CreatedAt { get; init; }
    [JsonIgnore] public DateTimeOffset UpdatedAt { get; init; }
    [JsonIgnore] public DateTimeOffset Deadline { get; init; }

    /// <summary>Raw JSON; only of a request that succeeded.</summary>
    [JsonIgnore] public string? Result { get; init; }

    public string? TraceParent { get; init; }
    public string? TraceState { get; init; }
    public TimeSpan? Retention { get; init; }

    /// <summary>The files that the payload names; the worker's capability covers them.</summary>
    public IReadOnlyList<Guid>? Files { get; init; }
    public IReadOnlyList<string>? FileNames { get; init; }

    /// <summary>The scheduled attempt: the fence. Reports of others count only where they tell of a success.</summary>
    public int Attempt { get; init; }

    /// <summary>When the scheduled attempt is due, as long as it has not started.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Failed, stalled and died since submit or the last retry by a person.</summary>
    public int Failures { get; init; }

    /// <summary>How often an attempt died with its worker without being counted as a failure, since the same moment.</summary>
    public int Spared { get; init; }

    /// <summary>
    /// The last attempt died with its worker: from now on one is run with nothing beside it, so that it tells whether this work is what kills, and
    /// takes nothing with it.
    /// </summary>
    public bool Alone { get; init; }

    /// <summary>The hop that runs or ran last in the scheduled attempt; 0 before its start.</summary>
    public int Hop { get; init; }

    public Guid? Run { get; init; }

    /// <summary>Earlier deliveries of the current run's message, as the broker counted them.</summary>
    public int Delivery { get; init; }

    /// <summary>Runs of this attempt that another run replaced.</summary>
    public IReadOnlyList<Guid>? Superseded { get; init; }

    /// <summary>Where a retry resumes: the endpoint, its hop, and the version of the event that holds the message.</summary>
    public string? ResumeKind { get; init; }
    public int ResumeHop { get; init; } = 1;
    public int ResumeVersion { get; init; } = 1;

    /// <summary>Answers to the questions of the hop where a retry resumes.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Answers { get; init; }

    /// <summary>Answers to earlier hops; only so that one which comes again is known.</summary>
    public IReadOnlyDictionary<string, JsonElement>? EarlierAnswers { get; init; }
    public PendingInput? Input { get; init; }

    public long ProgressSequence { get; init; }
    public double? Percent { get; init; }
    public string? Message { get; init; }

    /// <summary>Output chunks below this index are in the log; those in <see cref="OutputAhead"/> too.</summary>
    public int OutputNext { get; init; }
    public IReadOnlyList<int>? OutputAhead { get; init; }

    public bool Stalled { get; init; }
    public DateTimeOffset? CancelRequestedAt { get; init; }
    public string? CancelRequestedBy { get; init; }

    /// <summary>Of the last failed attempt while the request goes on or is held; of the request once it failed.</summary>
    public Problem? Error { get; init; }

    /// <summary>What a newer version has added: a step that this one decides keeps it.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Unknown { get; init; }

    [JsonIgnore] public bool Done => Status is RequestStatus.Succeeded or RequestStatus.Failed or RequestStatus.Canceled;

    /// <summary>Until when it is kept, once it has ended.</summary>
    [JsonIgnore] public DateTimeOffset? ExpiresAt => Done ? UpdatedAt + (Retention ?? RetentionOptions.Default) : null;

    /// <summary>Whether an attempt is scheduled or under way.</summary>
    [JsonIgnore] public bool Open => Status is RequestStatus.Pending or RequestStatus.Running;

    [JsonIgnore] public string NextKind => ResumeKind ?? Kind;
}

internal sealed record PendingInput(string Key, string Question, JsonElement? Schema);
