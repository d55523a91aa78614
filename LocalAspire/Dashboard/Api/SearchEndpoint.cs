using AspireFeedback.LocalAspire.Dashboard.Http;
using AspireFeedback.LocalAspire.Dashboard.Queries;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AspireFeedback.LocalAspire.Dashboard.Api;

internal sealed record FoundSpan(string TraceId, string SpanId, string Name, string Resource, DateTime StartedAt, double DurationMs);

/// <summary>One search over everything. The newest come first.</summary>
internal sealed class SearchEndpoint(DashboardRun dashboard)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/search", SearchAsync);

    private async Task SearchAsync(HttpContext context)
    {
        var query = new Query(context.Request);
        var run = await dashboard.FindAsync(query);
        var (text, limit) = (SearchText.Parse(query.Text("q")), query.Number("limit", 10, 1, 100));
        if (text.IsEmpty)
            throw RefusedException.BadQuery("q", "has at least one word");

        var telemetry = run.Telemetry;
        var (logs, logsMatched, _) = new LogFilter { Text = text }.Read(telemetry.Logs.Snapshot(), long.MaxValue, 0, limit);
        var counts = TelemetryEndpoints.LogsPerTrace(telemetry);
        var (spans, spansMatched, traces, tracesMatched) = Traces(telemetry.Traces.Snapshot(), text, limit);
        var lines = run.Console.After(0, null).Where(text.IsIn).ToList();
        await Json.WriteAsync(context, new
        {
            resources = dashboard.Application.Resources.Select(r => r.Name).Where(text.IsIn),
            logs = new { items = logs.Select(LogDocument.Of), matched = logsMatched },
            traces = new { items = traces.Select(trace => TraceDocument.Of(trace, counts)), matched = tracesMatched },
            spans = new { items = spans.Select(span => new { span = Found(span), where = text.Where(span) }), matched = spansMatched },
            metrics = telemetry.Metrics.All().Select(i => i.Instrument).Where(i => text.IsIn($"{i.Id.Name} {i.Id.Meter} {i.Id.Resource} {i.Description}"))
                .Take(limit).Select(i => new { resource = i.Id.Resource, meter = i.Id.Meter, name = i.Id.Name }),
            console = new { items = lines.AsEnumerable().Reverse().Take(limit).Select(LineDocument.Of), matched = lines.Count },
        });
    }

    private static (List<SpanRow> Spans, int SpansMatched, List<TraceEntry> Traces, int TracesMatched) Traces(TraceEntry[] all, SearchText text, int limit)
    {
        var (spans, spansMatched, traces, tracesMatched) = (new List<SpanRow>(), 0, new List<TraceEntry>(), 0);
        for (var i = all.Length - 1; i >= 0; i--)
        {
            var before = spansMatched;
            foreach (var span in all[i].Spans)
            {
                if (!text.IsIn(span))
                    continue;
                spansMatched++;
                if (spans.Count < limit)
                    spans.Add(span);
            }

            if (spansMatched == before)
                continue;
            tracesMatched++;
            if (traces.Count < limit)
                traces.Add(all[i]);
        }

        return (spans, spansMatched, traces, tracesMatched);
    }

    private static FoundSpan Found(SpanRow span) => new(
        Ids.Trace(span.TraceId)!, Ids.Span(span.SpanId)!, span.Name, span.Source.Resource, UnixTime.ToTime(span.StartNs), (span.EndNs - span.StartNs) / 1e6);
}
