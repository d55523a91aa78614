using AspireFeedback.Messaging;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireFeedback.Backend.Handling;

/// <summary>Healthy while work can be taken; otherwise what the check was registered with, since only the application knows what else it is there for.</summary>
internal sealed class IntakeHealth(Intake intake, ITransport transport) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            !transport.IsConnected ? new HealthCheckResult(context.Registration.FailureStatus, "The broker is away.")
            : !intake.IsTaking ? new HealthCheckResult(context.Registration.FailureStatus, "No work is taken yet, or any more.")
            : HealthCheckResult.Healthy());
}
