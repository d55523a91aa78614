using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Handling;

/// <summary>Ends a run with a problem whose every word is fit for the owner.</summary>
/// <param name="problem">Shown as it is.</param>
/// <param name="permanent">Another attempt would end the same way: no retry.</param>
/// <param name="inner">For the log.</param>
public sealed class ProblemException(Problem problem, bool permanent = false, Exception? inner = null) : Exception(problem.Title, inner)
{
    public Problem Problem { get; } = problem;

    public bool Permanent { get; } = permanent;
}

/// <summary>Unwinds a handler whose run ends with a question or at the next hop.</summary>
public sealed class RunEndedException(RunOutcome outcome) : Exception("The run ends here; let this exception pass.")
{
    public RunOutcome Outcome { get; } = outcome;
}
