using System.ComponentModel.DataAnnotations;

namespace AspireFeedback.Contracts;

/// <summary>Gives its text back; for tests and load.</summary>
/// <param name="Text">What comes back.</param>
/// <param name="DelayMs">Milliseconds of pretended work, spread over the steps.</param>
/// <param name="Steps">Progress reports on the way.</param>
/// <param name="FailTimes">The first so many attempts fail.</param>
public sealed record EchoRequest(
    [property: StringLength(100_000)] string Text,
    [property: Range(0, 3_600_000)] int? DelayMs = null,
    [property: Range(0, 10_000)] int? Steps = null,
    [property: Range(0, 1_000)] int? FailTimes = null);

public sealed record EchoResult(string Text);
