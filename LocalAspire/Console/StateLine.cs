using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireFeedback.LocalAspire.Console;

internal static class StateLine
{
    /// <summary>A program that does not answer yet is running; one that has stopped answering is unhealthy.</summary>
    public static string Describe(CustomResourceSnapshot snapshot, string? before) => snapshot switch
    {
        { IsHealthy: true } => "Healthy",
        { HealthStatus: HealthStatus.Unhealthy } when before is "Healthy" or "Unhealthy" && snapshot.State == KnownResourceStates.Running => "Unhealthy",
        { ExitCode: { } code } when snapshot.State == KnownResourceStates.Exited => $"Exited ({code})",
        _ => snapshot.State,
    };

    public static bool IsFailure(CustomResourceSnapshot snapshot) =>
        snapshot.State == KnownResourceStates.Exited || snapshot.State == KnownResourceStates.FailedToStart;
}
