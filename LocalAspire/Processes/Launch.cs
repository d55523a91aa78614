namespace AspireFeedback.LocalAspire.Processes;

/// <summary>One program to start, with everything it gets.</summary>
internal sealed record Launch(string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Servers get a clean environment: a PGPORT or RABBITMQ_NODENAME of the user's shell must not reach them.</summary>
    public bool InheritEnvironment { get; init; }

    /// <summary>Run as this user instead of root.</summary>
    public string? UserName { get; init; }

    /// <summary>Asks the program to end well.</summary>
    public int StopSignal { get; init; } = Signals.Term;

    /// <summary>Asks the program to end soon, after a crash of the AppHost.</summary>
    public int AbandonSignal { get; init; } = Signals.Term;
}
