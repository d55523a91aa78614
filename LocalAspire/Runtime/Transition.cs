using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>What becomes of the snapshot of an instance when something happens to it.</summary>
internal static class Transition
{
    public static CustomResourceSnapshot Attempted(CustomResourceSnapshot before) => before with
    {
        State = KnownResourceStates.Starting, HealthStatus = null, Reason = null, ExitCode = null, ProcessId = null, HealthyAt = null,
    };

    public static CustomResourceSnapshot Began(CustomResourceSnapshot before, int processId) => before with
    {
        State = KnownResourceStates.Running, ProcessId = processId, StartedAt = TimeProvider.System.GetUtcNow(),
    };

    /// <summary>It ended, or never began, though it was wanted.</summary>
    public static CustomResourceSnapshot Failed(CustomResourceSnapshot before, string state, string reason, int? exitCode) => before with
    {
        State = state, HealthStatus = null, ProcessId = null, ExitCode = exitCode, Reason = reason, LastFailure = reason,
        Restarts = before.Restarts + 1, FailuresInARow = before.FailuresInARow + 1,
    };

    public static CustomResourceSnapshot Stopped(CustomResourceSnapshot before, int? exitCode) => before with
    {
        State = KnownResourceStates.Finished, HealthStatus = null, ProcessId = null, ExitCode = exitCode, Reason = "stopped", LastFailure = null,
        FailuresInARow = 0,
    };

    /// <param name="unhealthy">Why it is not healthy; null when it is.</param>
    public static CustomResourceSnapshot Checked(CustomResourceSnapshot before, string? unhealthy) => (before.State == KnownResourceStates.Running, unhealthy) switch
    {
        (false, _) => before,
        (_, null) => before with
        {
            HealthStatus = HealthStatus.Healthy,
            Reason = null,
            HealthyAt = before.HealthyAt ?? TimeProvider.System.GetUtcNow(),
            FailuresInARow = 0,
            LastFailure = null,
        },
        _ => before with { HealthStatus = HealthStatus.Unhealthy, Reason = unhealthy },
    };
}
