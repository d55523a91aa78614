using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireFeedback.LocalAspire.Console;

internal static class StateLine
{
    public static string Describe(CustomResourceSnapshot snapshot) => snapshot switch
    {
        { IsHealthy: true } => "Healthy",
        { HealthStatus: HealthStatus.Unhealthy, StartedAt: { } } when snapshot.State == KnownResourceStates.Running => "Running",
        { ExitCode: { } code } when snapshot.State == KnownResourceStates.Exited => $"Exited ({code})",
        _ => snapshot.State,
    };

    public static bool IsFailure(CustomResourceSnapshot snapshot) =>
        snapshot.State == KnownResourceStates.Exited || snapshot.State == KnownResourceStates.FailedToStart;
}
