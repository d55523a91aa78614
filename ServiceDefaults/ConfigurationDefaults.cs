using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AspireFeedback.ServiceDefaults;

internal static class ConfigurationDefaults
{
    /// <summary>Adds defaults below every other configuration source, so that files, environment and arguments override them by their usual keys.</summary>
    public static void AddConfigurationDefaults(this IHostApplicationBuilder builder)
    {
        var defaults = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Information",
            // What every request does is told to who develops; in production the log of requests holds it, and lines for each would cost more.
            ["Logging:LogLevel:AspireFeedback"] = builder.Environment.IsDevelopment() ? "Debug" : "Information",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
            ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
            // Aspire's client integrations would log every statement, and call an instance unhealthy for servers that it goes on without.
            ["Logging:LogLevel:Npgsql"] = "Warning",
            // It tells of each attempt to connect, several times; the backplane tells of an outage once.
            ["Logging:LogLevel:StackExchange.Redis"] = "Critical",
            ["Aspire:Npgsql:DisableHealthChecks"] = "true",
            ["Aspire:RabbitMQ:Client:DisableHealthChecks"] = "true",
            ["Aspire:StackExchange:Redis:DisableHealthChecks"] = "true",
            // Redis carries wake-ups, outside of any request: each would be a trace of its own, and there are more of them than of anything else.
            ["Aspire:StackExchange:Redis:DisableTracing"] = "true",
            // Scopes carry the request id, so a grep for it finds its lines in every process; one line each keeps that grep whole.
            ["Logging:Console:FormatterName"] = "simple",
            ["Logging:Console:FormatterOptions:IncludeScopes"] = "true",
            ["Logging:Console:FormatterOptions:SingleLine"] = "true",
            ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
            ["Logging:Console:FormatterOptions:TimestampFormat"] =
                builder.Environment.IsDevelopment() ? "HH:mm:ss.fff " : "yyyy-MM-ddTHH:mm:ss.fffZ ",
        };
        // OTEL_SERVICE_NAME beats service.name in OTEL_RESOURCE_ATTRIBUTES, so a default for it must not stand in that one's way.
        if (builder.Configuration["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.name=", StringComparison.Ordinal) is not true)
            defaults["OTEL_SERVICE_NAME"] = builder.Environment.ApplicationName;

        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = defaults });

        // The span id in every console line would double its length; the exporter sends it anyway.
        builder.Services.Configure<LoggerFactoryOptions>(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId);
    }
}
