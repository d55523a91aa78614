using AspireFeedback.LocalAspire.Dashboard.Http;
using AspireFeedback.LocalAspire.Dashboard.Queries;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AspireFeedback.LocalAspire.Dashboard.Api;

/// <summary>Log lines, traces, and the way to forget them.</summary>
internal sealed class TelemetryEndpoints(DashboardRun dashboard)
{
    private const int MaxPage = 1_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/logs", LogsAsync);
        routes.MapGet("/api/logs/{id:long}", LogAsync);
        routes.MapGet("/api/traces", TracesAsync);
        routes.MapGet("/api/traces/{traceId}", TraceAsync);
        routes.MapDelete("/api/telemetry", Forget);
    }

    private async Task LogsAsync(HttpContext context)
    {
        var query = new Query(context.Request);
        var store = (await dashboard.FindAsync(query)).Telemetry.Logs;
        var rows = store.Snapshot();
        var (before, after, limit) = (query.Long("before", long.MaxValue), query.Long("after", 0), query.Number("limit", 200, 1, MaxPage));
        var (page, matched, hasMore) = query.Logs().Read(rows, before, after, limit);
        await Json.WriteAsync(context, new { items = page.Select(LogDocument.Of), matched, total = rows.Length, hasMore });
    }

    private async Task LogAsync(HttpContext context)
    {
        var query = new Query(context.Request);
        var id = long.Parse((string)context.Request.RouteValues["id"]!, System.Globalization.CultureInfo.InvariantCulture);
        var row = (await dashboard.FindAsync(query)).Telemetry.Logs.Find(id) ?? throw RefusedException.NotFound("This log line is not there any more.");
        await Json.WriteAsync(context, LogDocument.Whole(row));
    }

    private async Task TracesAsync(HttpContext context)
    {
        var query = new Query(context.Request);
        var store = (await dashboard.FindAsync(query)).Telemetry;
        var (page, matched, next) = query.Traces().Read(store.Traces, query.Text("before"), query.Number("limit", 100, 1, MaxPage));
        var logs = LogsPerTrace(store);
        await Json.WriteAsync(context, new { items = page.Select(trace => TraceDocument.Of(trace, logs)), matched, total = store.Traces.Count, next });
    }

    private async Task TraceAsync(HttpContext context)
    {
        const int maxLogs = 1_000;
        var store = (await dashboard.FindAsync(new(context.Request))).Telemetry;
        var trace = store.Traces.Find(Query.Trace("traceId", (string)context.Request.RouteValues["traceId"]!));
        if (trace is not { Count: > 0 })
            throw RefusedException.NotFound("This trace is not there: it has not come yet, or has made room for later ones.");

        var joined = JoinedTrace.Of(store.Traces, trace);
        var ids = joined.Linked.Append(trace).Select(t => t.Id).ToHashSet();
        var logs = store.Logs.Snapshot().Where(row => row.TraceId != 0 && ids.Contains(row.TraceId)).Take(maxLogs);
        var counts = LogsPerTrace(store);
        var origin = joined.Spans[0].StartNs;
        await Json.WriteAsync(context, new
        {
            trace = TraceDocument.Of(trace, counts),
            spans = joined.Spans.Select(span => SpanDocument.Of(span, joined.JoinOf(span), origin)),
            linked = joined.Linked.Select(t => TraceDocument.Of(t, counts)),
            logs = logs.Select(LogDocument.Of),
        });
    }

    private Task Forget(HttpContext context)
    {
        var query = new Query(context.Request);
        Signal? signal = query.Text("kind") switch
        {
            null => null,
            "logs" => Signal.Logs,
            "traces" => Signal.Traces,
            "metrics" => Signal.Metrics,
            _ => throw RefusedException.BadQuery("kind", "is logs, traces or metrics"),
        };
        dashboard.Telemetry.Clear(signal, query.Text("resource"));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    internal static Dictionary<UInt128, int> LogsPerTrace(TelemetryStore store) =>
        store.Logs.Snapshot().Where(row => row.TraceId != 0).CountBy(row => row.TraceId).ToDictionary();
}
