using AspireFeedback.Messaging;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireFeedback.Backend.Handling;

/// <summary>Healthy while work can be taken.</summary>
internal sealed class IntakeHealth(Intake intake, ITransport transport) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            !transport.IsConnected ? HealthCheckResult.Unhealthy("The broker is away.")
            : !intake.IsTaking ? HealthCheckResult.Unhealthy("No work is taken yet, or any more.")
            : HealthCheckResult.Healthy());
}
