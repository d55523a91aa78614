using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace AspireFeedback.ServiceDefaults.Telemetry;

internal static class TelemetryDefaults
{
    public static void ConfigureOpenTelemetry(this IHostApplicationBuilder builder)
    {
        // Read once, when the server is built: without it ASP.NET Core leaves method, path and scheme of its spans to an instrumentation package.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder.Services.AddSingleton<IStartupFilter, RequestTelemetryStartupFilter>();

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(
                "System.Runtime",
                "Microsoft.AspNetCore.Hosting",
                "Microsoft.AspNetCore.Server.Kestrel",
                "Microsoft.AspNetCore.Http.Connections",
                "System.Net.Http",
                "Npgsql",
                "AspireFeedback.*"))
            .WithTracing(tracing => tracing
                .AddSource(
                    "Microsoft.AspNetCore",
                    "Microsoft.AspNetCore.SignalR.Server",
                    "System.Net.Http",
                    "Npgsql",
                    "RabbitMQ.Client.Publisher",
                    "RabbitMQ.Client.Subscriber",
                    "AspireFeedback.*")
                .AddProcessor<HealthSpanFilter>()
                .AddProcessor<PollFilter>())
            .WithLogging(
                configureBuilder: null,
                configureOptions: logging =>
                {
                    logging.IncludeFormattedMessage = true;
                    logging.IncludeScopes = true;
                });

        // Endpoint, protocol, headers, delays, resource and sampler are all read from the standard OTEL_ variables by the SDK itself.
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
    }
}
