using AspireFeedback.LocalAspire.Dashboard.Http;
using AspireFeedback.LocalAspire.Dashboard.Metrics;
using AspireFeedback.LocalAspire.Dashboard.Queries;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AspireFeedback.LocalAspire.Dashboard.Api;

internal sealed record DimensionDocument(string Key, IReadOnlyList<string> Values);

internal sealed record InstrumentDocument(
    string Resource, string Meter, string Name, string? Description, string? Unit, InstrumentType Type, IReadOnlyList<DimensionDocument> Dimensions);

internal sealed record PointDocument(DateTime At, double? Value, double? Count, double? Sum, double? P50, double? P90, double? P99);

internal sealed class MetricEndpoints(DashboardRun dashboard)
{
    private const int MaxValues = 100;
    private const int MaxPoints = 1_000;
    private static readonly TimeSpan s_defaultRange = TimeSpan.FromMinutes(15);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/metrics", InstrumentsAsync);
        routes.MapGet("/api/metrics/series", SeriesAsync);
    }

    private async Task InstrumentsAsync(HttpContext context)
    {
        var store = (await dashboard.FindAsync(new(context.Request))).Telemetry.Metrics;
        var instruments = store.All().Select(Document).OrderBy(i => i.Resource, StringComparer.Ordinal)
            .ThenBy(i => i.Meter, StringComparer.Ordinal).ThenBy(i => i.Name, StringComparer.Ordinal);
        await Json.WriteAsync(context, new { instruments });
    }

    private async Task SeriesAsync(HttpContext context)
    {
        var query = new Query(context.Request);
        var id = new InstrumentId(
            query.Text("resource") ?? throw RefusedException.BadQuery("resource", "is missing"), query.Text("meter") ?? "",
            query.Text("name") ?? throw RefusedException.BadQuery("name", "is missing"));
        var run = await dashboard.FindAsync(query);
        var snapshot = run.Telemetry.Metrics.Find(id) ?? throw RefusedException.NotFound("Nobody has sent this instrument.");

        var to = query.Nanoseconds("to", run.EndNs);
        var from = query.Nanoseconds("from", to - (long)s_defaultRange.TotalNanoseconds);
        if (from >= to)
            throw RefusedException.BadQuery("from", "comes before 'to'");
        var group = query.Text("group");
        var filters = query.All("filter").Select(Filter).ToList();
        var series = new SeriesQuery(from, to, query.Number("points", 120, 1, MaxPoints), group, filters).Read(snapshot);
        var (unit, type) = (Absent(snapshot.Instrument.Unit), snapshot.Instrument.Type);
        await Json.WriteAsync(context, new
        {
            unit,
            type,
            from = UnixTime.ToTime(from),
            to = UnixTime.ToTime(to),
            series = series.Select(s => new
            {
                labels = group is null ? [] : new Dictionary<string, string?> { [group] = s.Label },
                points = s.Points.Select(p => new PointDocument(UnixTime.ToTime(p.AtNs), p.Value, p.Count, p.Sum, p.P50, p.P90, p.P99)),
            }),
        });
    }

    private static InstrumentDocument Document(InstrumentSnapshot snapshot) => new(
        snapshot.Instrument.Id.Resource, snapshot.Instrument.Id.Meter, snapshot.Instrument.Id.Name, Absent(snapshot.Instrument.Description),
        Absent(snapshot.Instrument.Unit), snapshot.Instrument.Type,
        [.. snapshot.Series.SelectMany(s => s.Labels).GroupBy(label => label.Key)
            .Select(g => new DimensionDocument(g.Key, [.. g.Select(label => label.Value).Distinct().Order(StringComparer.Ordinal).Take(MaxValues)]))
            .Where(d => d.Key != Instrument.InstanceLabel || d.Values.Count > 1)]);

    private static (string, string) Filter(string filter) =>
        filter.Split(':', 2) is [var key, var value] ? (key, value) : throw RefusedException.BadQuery("filter", "is key:value");

    private static string? Absent(string text) => text.Length == 0 ? null : text;
}
