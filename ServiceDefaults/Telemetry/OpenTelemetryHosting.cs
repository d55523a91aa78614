using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AspireFeedback.ServiceDefaults.Telemetry;

/// <summary>What the package OpenTelemetry.Extensions.Hosting adds to the SDK: an entry point by the same name, and providers that live with the host.</summary>
internal static class OpenTelemetryHosting
{
    public static IOpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        if (!services.Any(service => service.ImplementationType == typeof(TelemetryStartup)))
            // First in the list: what other hosted services do while they start is already recorded.
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService, TelemetryStartup>());
        return new OpenTelemetryBuilder(services);
    }

    private sealed class OpenTelemetryBuilder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services => services;
    }

    // Nobody else asks the container for the providers, and only a provider that exists listens. The container disposes, and so flushes, them.
    private sealed class TelemetryStartup(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetService<MeterProvider>();
            services.GetService<TracerProvider>();
            services.GetService<LoggerProvider>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
