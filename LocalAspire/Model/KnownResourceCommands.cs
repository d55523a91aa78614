namespace Aspire.Hosting.ApplicationModel;

/// <summary>The commands of a resource that runs processes. Aspire has no <see cref="KillCommand"/>.</summary>
public static class KnownResourceCommands
{
    public static readonly string StartCommand = "start";
    public static readonly string StopCommand = "stop";
    public static readonly string RestartCommand = "restart";
    public static readonly string KillCommand = "kill";

    /// <summary>Those that make sense in a state, in the order in which to show them.</summary>
    internal static IReadOnlyList<string> For(CustomResourceSnapshot snapshot)
    {
        var isUp = snapshot.ProcessId is not null && snapshot.State != KnownResourceStates.Stopping;
        // What crashed is about to be started again: both make sense, to start it at once or to give up on it.
        var isTriedAgain = snapshot.State == KnownResourceStates.Exited || snapshot.State == KnownResourceStates.FailedToStart;
        var isWaiting = snapshot.State == KnownResourceStates.Waiting;
        var isDown = snapshot.State == KnownResourceStates.Finished || snapshot.State == KnownResourceStates.NotStarted;
        return
        [
            .. isTriedAgain || isWaiting || isDown ? [StartCommand] : Array.Empty<string>(),
            .. isUp || isTriedAgain || isWaiting ? [StopCommand] : Array.Empty<string>(),
            .. isUp ? [RestartCommand, KillCommand] : Array.Empty<string>(),
        ];
    }
}
