using AspireFeedback.LocalAspire.Dashboard.Http;
using AspireFeedback.LocalAspire.Dashboard.Resources;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AspireFeedback.LocalAspire.Dashboard.Api;

/// <summary>
/// Tells a page what has changed, as often as a person can follow; what it shows it reads itself. The lines of a console come with the rest when the
/// page asks for them, since a browser has six connections for all pages from here, and a stream takes one. With <c>once</c> it is no stream but its beginning,
/// for windows that find no connection to keep.
/// </summary>
internal sealed class LiveEndpoint(DashboardRun dashboard, ResourceDocuments resources, ProcessUsage usage, CancellationToken stopping)
{
    private const int LinesAtOnce = 1_000;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_usage = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_telemetry = TimeSpan.FromMilliseconds(500);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/stream", StreamAsync);

    private async Task StreamAsync(HttpContext context)
    {
        var query = new Query(context.Request);
        var (sendsLines, resource, after) = (query.Flag("console"), query.Text("resource"), query.Long("after", 0));
        var once = query.Flag("once");
        var console = (await dashboard.FindAsync(query)).Console;
        var events = new EventStream(context, stopping);
        await events.BeginAsync();
        var (sentResources, sentTelemetry) = (-1L, -1L);
        var (lastUsage, lastTelemetry) = (Timestamp(), 0L);
        do
        {
            if (resources.Version is var version && version != sentResources)
            {
                sentResources = version;
                await events.SendAsync("resources", new { resources = resources.All() });
            }

            if (once || Elapsed(lastUsage) >= s_usage)
            {
                lastUsage = Timestamp();
                await events.SendAsync("usage", new { instances = usage.Now() });
            }

            if (dashboard.Telemetry.Version is var arrived && arrived != sentTelemetry && Elapsed(lastTelemetry) >= s_telemetry)
            {
                (sentTelemetry, lastTelemetry) = (arrived, Timestamp());
                await events.SendAsync("telemetry", Counts(dashboard));
            }

            foreach (var lines in sendsLines ? console.After(after, resource).Chunk(LinesAtOnce) : [])
            {
                after = lines[^1].N;
                await events.SendAsync("lines", new { lines = lines.Select(LineDocument.Of), next = after });
            }
        }
        while (!once && await events.IsOpenAsync(s_interval));
    }

    /// <summary>What there is, what was never kept, and what has made room for later telemetry.</summary>
    private static object Counts(DashboardRun dashboard)
    {
        TelemetryStore store = dashboard.Telemetry;
        return new
        {
            logs = store.Logs.Count,
            spans = store.Traces.Spans,
            traces = store.Traces.Count,
            points = store.Metrics.Points,
            dropped = new { logs = 0, spans = store.Traces.Dropped, points = store.Metrics.Dropped, recordings = dashboard.Recorder.Dropped },
            evicted = new { logs = store.Logs.Evicted, spans = store.Traces.Evicted },
            bytes = store.Bytes,
        };
    }

    private static long Timestamp() => TimeProvider.System.GetTimestamp();

    private static TimeSpan Elapsed(long since) => TimeProvider.System.GetElapsedTime(since);
}
