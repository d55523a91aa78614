using System.Text.Json;

namespace AspireFeedback.Contracts;

/// <summary>The body of a work message (exchange <c>feedback.requests</c>).</summary>
/// <param name="Payload">What the owner submitted, or what the hop before forwarded.</param>
/// <param name="Answers">Answers to this hop's questions so far, by key.</param>
public sealed record WorkBody(JsonElement Payload, IReadOnlyDictionary<string, JsonElement>? Answers = null);

/// <summary>The body of a control message (stream <c>feedback.control</c>): the runs of this request are to stop.</summary>
/// <param name="Run">Only this run; all of the request when absent.</param>
/// <param name="UpToAttempt">Attempts above this one are not meant.</param>
/// <param name="Reason"><c>canceled</c>, <c>superseded</c> or <c>ended</c>.</param>
public sealed record StopWork(string Reason, Guid? Run = null, int? UpToAttempt = null);
