using Microsoft.Extensions.Configuration;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>Where the processes send their telemetry, in the variables that every OpenTelemetry SDK reads.</summary>
internal sealed record TelemetryTarget(string Endpoint, string? Protocol, string? Headers)
{
    /// <summary>What configuration names, else the dashboard; null when there is no receiver, so that exporters stay silent instead of retrying for ever.</summary>
    public static TelemetryTarget? Choose(IConfiguration configuration, DashboardAddress? dashboard) =>
        configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } endpoint
            ? new(endpoint, configuration["OTEL_EXPORTER_OTLP_PROTOCOL"], configuration["OTEL_EXPORTER_OTLP_HEADERS"])
            : dashboard is null ? null : new(dashboard.OtlpGrpcUrl, "grpc", $"x-otlp-api-key={dashboard.OtlpApiKey}");
}
