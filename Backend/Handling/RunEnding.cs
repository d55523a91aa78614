using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Handling;

/// <summary>What becomes of the message when its run is over.</summary>
internal enum Settlement
{
    /// <summary>Acknowledged, once the outcome is confirmed if there is one.</summary>
    Acknowledge,

    /// <summary>Back to the queue for another worker.</summary>
    Return,

    /// <summary>Not ours any more: the broker has taken it back with the connection.</summary>
    Leave,
}

/// <summary>How a run ended: what Web is told, which is nothing when nobody waits for this run, and what becomes of the message.</summary>
internal readonly record struct RunEnding(RunOutcome? Outcome, Settlement Settlement = Settlement.Acknowledge)
{
    private static readonly RunEnding _quiet = new(null);

    /// <summary>Ends a run that must not begin.</summary>
    public static RunEnding NotStarted(StopReason reason) => reason switch
    {
        StopReason.Canceled => new(new RunCanceled()),
        StopReason.Deadline => Failed(DeadlineExceeded("The work was never started."), permanent: true),
        StopReason.Shutdown => new(null, Settlement.Return),
        _ => _quiet,
    };

    /// <summary>The handler returned. A success counts whatever it was asked meanwhile, unless the request has ended.</summary>
    public static RunEnding Succeeded(RunSucceeded outcome, StopReason stopped) => stopped is StopReason.Ended ? _quiet : new(outcome);

    /// <summary>The handler threw. After a reason to stop, that reason is why, in whatever exception it arrived.</summary>
    public static RunEnding Of(Exception exception, Run run) => run.Stopped switch
    {
        StopReason.None => new(OutcomeOf(exception, run.Registration)),
        StopReason.Canceled => new(new RunCanceled()),
        StopReason.Deadline => Failed(DeadlineExceeded("The work was stopped while running."), permanent: true),
        StopReason.Timeout => Failed(Problem.Of("timeout", "The work took too long.", $"It was stopped after {run.Registration.Timeout}.")),
        StopReason.Shutdown when run.Acknowledged => Failed(Problem.Of("worker-stopped", "The worker was stopped.")),
        StopReason.Shutdown => new(null, Settlement.Return),
        StopReason.Lost => new(null, Settlement.Leave),
        _ => _quiet,
    };

    /// <summary>The broker is away, and there is no time left to wait for it.</summary>
    public static RunEnding NotConfirmed(CancellationToken lost) => new(null, lost.IsCancellationRequested ? Settlement.Leave : Settlement.Return);

    /// <summary>The name in metrics and logs.</summary>
    public string Name => Outcome switch
    {
        RunSucceeded => "succeeded",
        RunFailed => "failed",
        RunCanceled => "canceled",
        RunForwarded => "forwarded",
        RunAsked => "asked",
        _ => Settlement switch { Settlement.Return => "returned", Settlement.Leave => "lost", _ => "superseded" },
    };

    private static RunOutcome OutcomeOf(Exception exception, HandlerRegistration registration) => exception switch
    {
        RunEndedException x => x.Outcome,
        ProblemException x => new RunFailed(x.Problem, x.Permanent),
        // Nothing of an unknown exception is told: its message may hold paths, hosts or data of others. The trace id leads to it.
        _ => new RunFailed(Problem.Of("internal-error", "The work failed because of an error on our side."), registration.IsPermanent(exception)),
    };

    private static RunEnding Failed(Problem problem, bool permanent = false) => new(new RunFailed(problem, permanent));

    private static Problem DeadlineExceeded(string detail) => Problem.Of("deadline-exceeded", "The deadline has passed.", detail);
}
