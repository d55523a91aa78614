using System.Text.Json;

namespace AspireFeedback.Contracts;

/// <summary>One kind of work: its name on the wire (queue <c>requests.{name}</c>), what it takes and gives, and its policy.</summary>
public abstract record Kind(string Name, KindPolicy Policy)
{
    public abstract Type PayloadType { get; }

    public abstract Type ResultType { get; }

    /// <summary>What a handler may end a run of this kind with.</summary>
    public IReadOnlyList<KindProblem> Problems { get; init; } = [];

    /// <summary>Reads a payload as a message does: lenient towards members that a newer version added.</summary>
    public object ReadPayload(JsonElement payload) =>
        payload.Deserialize(PayloadType, FeedbackJson.Options) ?? throw new JsonException($"The payload of '{Name}' is null.");
}

/// <inheritdoc />
public sealed record Kind<TRequest, TResult>(string Name, KindPolicy Policy) : Kind(Name, Policy)
    where TRequest : notnull
{
    public override Type PayloadType => typeof(TRequest);

    public override Type ResultType => typeof(TResult);
}

/// <summary>What Web decides for a kind. What a worker decides (concurrency, timeout) is registered in Backend.</summary>
public sealed record KindPolicy
{
    public static KindPolicy Default { get; } = new();

    /// <summary>Failures (failed, stalled, died) since submit or the last retry by a person, before the request is held.</summary>
    public int MaxFailures { get; init; } = 3;

    /// <summary>Wait before the second attempt; doubles with every failure, with jitter of up to a fifth.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A worker that has not been heard of for this long counts as stalled.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a stalled run is superseded by a new attempt.</summary>
    public bool Takeover { get; init; }

    /// <summary>Reached by forwarding only; refused at submit as an unknown kind.</summary>
    public bool Internal { get; init; }

    /// <summary>
    /// Acknowledged when its start is confirmed, so that it may run longer than the broker lets a consumer. The broker gives nothing back from then on: only
    /// with <see cref="Takeover"/> does work go on whose worker has died.
    /// </summary>
    public bool LongRunning { get; init; }
}
