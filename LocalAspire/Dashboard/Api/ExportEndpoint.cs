using System.Text.Json;
using AspireFeedback.LocalAspire.Dashboard.Http;
using AspireFeedback.LocalAspire.Dashboard.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AspireFeedback.LocalAspire.Dashboard.Api;

/// <summary>Everything that a filter lets through, as a file with one JSON document a line, oldest first.</summary>
internal sealed class ExportEndpoint(DashboardRun dashboard)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/export", ExportAsync);

    private async Task ExportAsync(HttpContext context)
    {
        var query = new Query(context.Request);
        var run = await dashboard.FindAsync(query);
        var kind = query.Text("kind") ?? "";
        var documents = Documents(kind, run, query);
        Attachment.Begin(context, "application/x-ndjson", $"{kind}-{run.Info.Id}.ndjson");
        foreach (var document in documents)
        {
            await JsonSerializer.SerializeAsync(context.Response.Body, document, document.GetType(), Json.Options, context.RequestAborted);
            await context.Response.WriteAsync("\n", context.RequestAborted);
        }
    }

    private static IEnumerable<object> Documents(string kind, ShownRun run, Query query)
    {
        switch (kind)
        {
            case "logs":
                var logs = query.Logs();
                return run.Telemetry.Logs.Snapshot().Where(logs.Takes).Select(LogDocument.Whole);
            case "traces":
                var traces = query.Traces();
                return run.Telemetry.Traces.Snapshot().Where(trace => trace.Count > 0 && traces.Takes(trace))
                    .SelectMany(trace => trace.Spans.ToArray().Select(span => new
                    {
                        startedAt = Telemetry.UnixTime.ToTime(span.StartNs),
                        span = SpanDocument.Of(span, null, trace.StartNs),
                    }));
            case "console":
                var (resource, text) = (query.Text("resource"), SearchText.Parse(query.Text("text")));
                return run.Console.After(0, resource).Where(line => text.IsEmpty || text.IsIn(line)).Select(LineDocument.Of);
            default:
                throw RefusedException.BadQuery("kind", "is logs, traces or console");
        }
    }
}
