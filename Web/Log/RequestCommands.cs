using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Log;

/// <summary>What somebody wants of a request that exists. Decided by <see cref="RequestDecisions"/> against its state.</summary>
internal abstract record RequestCommand;

/// <param name="Attempt">0 when the sender does not say: the first.</param>
/// <param name="Hop">0 when the sender does not say: the first.</param>
internal sealed record TakeReport(int Attempt, int Hop, Guid Run, RunReport Report) : RequestCommand;

/// <summary>The broker gave up on the message of this attempt: its worker died again and again, or nobody could read it.</summary>
internal sealed record BuryAttempt(int Attempt, string Reason) : RequestCommand
{
    /// <summary>A worker has refused it at once: no worker died of it.</summary>
    public bool Refused => Reason == "rejected";
}

internal sealed record CancelRequest(string By) : RequestCommand;

/// <param name="Version">When given, the retry is meant for this version only.</param>
internal sealed record RetryRequest(string By, int? Version) : RequestCommand;

/// <param name="Key">May be absent while one question is open.</param>
internal sealed record ProvideInput(string? Key, JsonElement Answer, string By) : RequestCommand;

/// <summary>The worker has been silent past its lease.</summary>
internal sealed record StallRun(Guid Run, DateTimeOffset LastSeen) : RequestCommand;

internal sealed record ExpireRequest : RequestCommand;

/// <summary>Nobody answered a cancellation in time.</summary>
internal sealed record GiveUpOnCancel : RequestCommand;

/// <summary>The events to append, or why the command is refused. A repeat gives neither.</summary>
/// <param name="StopRun">The sender of the report works on something that is over: it should stop.</param>
internal readonly record struct Decision(IReadOnlyList<RequestEvent> Events, Refusal Refusal = Refusal.None, bool StopRun = false)
{
    public static Decision Nothing { get; } = new([]);

    public static Decision Refuse(Refusal refusal) => new([], refusal);

    public static Decision Of(params ReadOnlySpan<RequestEvent> events) => new([.. events]);
}

internal enum Refusal
{
    None,
    AlreadyEnded,
    NotHeld,
    NotAsked,
    VersionMoved,
}
