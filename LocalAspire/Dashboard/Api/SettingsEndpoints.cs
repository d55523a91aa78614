using System.Reflection;
using AspireFeedback.LocalAspire.Dashboard.Http;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AspireFeedback.LocalAspire.Dashboard.Api;

internal sealed record RunDocument(string Id, DateTime StartedAt, DateTime? EndedAt, bool Current, long Bytes, long Logs, long Spans);

/// <summary>What a page has to know first, and which runs there are.</summary>
internal sealed class SettingsEndpoints(DashboardRun dashboard, DashboardAddress address, RequestLinks links)
{
    private static readonly string? s_version =
        typeof(SettingsEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/settings", SettingsAsync);
        routes.MapGet("/api/runs", RunsAsync);
    }

    private Task SettingsAsync(HttpContext context) => Json.WriteAsync(context, new
    {
        applicationName = dashboard.Application.Name,
        version = s_version,
        run = new { id = dashboard.Info.Id, startedAt = dashboard.Info.StartedAt },
        otlp = new { grpc = address.OtlpGrpcUrl, http = address.OtlpHttpUrl },
        limits = new
        {
            logs = TelemetryLimits.Logs,
            traces = TelemetryLimits.Traces,
            spans = TelemetryLimits.Spans,
            points = TelemetryLimits.PointsPerInstrument,
            consoleLines = ResourceLog.MaxLines,
            attributes = TelemetryLimits.Attributes,
        },
        links = links.All(),
    });

    private Task RunsAsync(HttpContext context)
    {
        var telemetry = dashboard.Telemetry;
        var recorded = dashboard.Archive.List();
        var current = new RunDocument(
            dashboard.Info.Id, dashboard.Info.StartedAt, null, true, recorded.FirstOrDefault(r => r.Info.Id == dashboard.Info.Id).Bytes,
            telemetry.Logs.Count, telemetry.Traces.Spans);
        var earlier = recorded.Where(r => r.Info.Id != dashboard.Info.Id)
            .Select(r => new RunDocument(r.Info.Id, r.Info.StartedAt, r.Info.EndedAt, false, r.Bytes, r.Info.Logs, r.Info.Spans));
        return Json.WriteAsync(context, new { runs = earlier.Prepend(current) });
    }
}
