using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireFeedback.Messaging;

internal sealed class TransportHealthCheck(ITransport transport) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(transport.IsConnected ? HealthCheckResult.Healthy() : new(context.Registration.FailureStatus, "The broker cannot be reached."));
}
