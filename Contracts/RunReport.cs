using System.Text.Json;
using System.Text.Json.Serialization;

namespace AspireFeedback.Contracts;

/// <summary>
/// What one run says about itself: the body of a message to the exchange <c>feedback.reports</c>. Every part is optional, so that a quick
/// run's start and outcome travel as one message. Request, attempt, hop and run stand in the message's properties. Parts may arrive twice
/// and in any order.
/// </summary>
public sealed record RunReport
{
    /// <summary>Host name and process of the worker, for people who look for it.</summary>
    public string? Worker { get; init; }

    public RunStarted? Started { get; init; }

    public RunProgress? Progress { get; init; }

    public IReadOnlyList<RunOutput>? Output { get; init; }

    public RunOutcome? Outcome { get; init; }
}

/// <param name="Endpoint">The kind whose queue the message came from.</param>
/// <param name="Redelivered">The broker had given this message out before.</param>
/// <param name="Delivery">How often the broker had given it out before, as far as it counts that.</param>
public sealed record RunStarted(string Endpoint, bool Redelivered = false, int Delivery = 0);

/// <param name="Sequence">Rises within a run; an older report never replaces a newer one.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="Message">One line for the person who waits.</param>
public sealed record RunProgress(long Sequence, double? Percent = null, string? Message = null);

/// <param name="Index">0, 1, 2 … within a run; the reader puts the chunks in this order.</param>
/// <param name="Chunk">Text.</param>
public sealed record RunOutput(int Index, string Chunk);

/// <summary>How a run ended. Exactly one per run.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RunSucceeded), "succeeded")]
[JsonDerivedType(typeof(RunFailed), "failed")]
[JsonDerivedType(typeof(RunCanceled), "canceled")]
[JsonDerivedType(typeof(RunForwarded), "forwarded")]
[JsonDerivedType(typeof(RunAsked), "asked")]
public abstract record RunOutcome;

public sealed record RunSucceeded(JsonElement Result) : RunOutcome;

/// <param name="Error">Fit for the owner's eyes.</param>
/// <param name="Permanent">Another attempt would end the same way: no retry.</param>
public sealed record RunFailed(Problem Error, bool Permanent = false) : RunOutcome;

public sealed record RunCanceled : RunOutcome;

/// <summary>The work goes on at the next hop with this message.</summary>
public sealed record RunForwarded(string Kind, JsonElement Message) : RunOutcome;

/// <summary>The run ended with a question; the answer starts the handler again from the top.</summary>
public sealed record RunAsked(string Key, string Question, JsonElement? Schema = null) : RunOutcome;
