using AspireFeedback.ServiceDefaults;
using AspireFeedback.ServiceDefaults.Http;
using AspireFeedback.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every process of the system has in common, in the shape of Aspire's own service defaults.</summary>
public static class Extensions
{
    private const string LiveTag = "live";

    /// <summary>Adds telemetry, health checks, and resilience and service discovery for every <see cref="HttpClient"/> of the factory.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddConfigurationDefaults();
        builder.ConfigureOpenTelemetry();

        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        // A check without a timeout of its own must not hold up the probe for longer than whoever probes would wait.
        builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(check => check.Timeout == Timeout.InfiniteTimeSpan))
                check.Timeout = TimeSpan.FromSeconds(4);
        });

        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            // Resilience outside, discovery inside: every attempt may choose another endpoint.
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (every check: ready for traffic) and <c>/alive</c> (only checks tagged <c>live</c>: not worth a restart). In development
    /// <c>/health</c> also says which check failed, and why.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        var ready = new HealthCheckOptions();
        // Reasons are for whoever develops it; anybody may ask a probe.
        if (app.Environment.IsDevelopment())
            ready.ResponseWriter = HealthReasons.WriteAsync;
        app.MapHealthChecks(HealthEndpoints.Ready, ready).AllowAnonymous().DisableHttpMetrics();
        app.MapHealthChecks(HealthEndpoints.Alive, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) })
            .AllowAnonymous()
            .DisableHttpMetrics();
        return app;
    }
}
