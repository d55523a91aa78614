using AspireFeedback.LocalAspire.Dashboard.Queries;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

public sealed class MetricTests
{
    private readonly TelemetryStore _store = new(new RequestIds(RequestIds.Default));

    [Theory]
    [InlineData(2, 10, 20, 30)]
    [InlineData(1, 10, 10, 10)]
    public void A_counter_is_a_rate_whatever_its_temporality(int temporality, params int[] values)
    {
        for (var i = 0; i < values.Length; i++)
            Take("hits", 7, Sum(temporality, values[i], i));

        // From second 0 to 2: ten more in each.
        Chart("hits", 0, 2, 2).ShouldBe([10, 10]);
    }

    [Fact]
    public void A_counter_that_begins_anew_does_not_fall()
    {
        foreach (var (second, value) in new[] { (0, 100), (1, 110), (2, 5), (3, 15) })
            Take("hits", 7, Sum(2, value, second));

        Chart("hits", 0, 3, 3).ShouldBe([10, 5, 10]);
    }

    [Fact]
    public void There_is_no_value_where_nobody_measured()
    {
        Take("hits", 7, Sum(2, 5, 10));
        Take("hits", 7, Sum(2, 6, 11));

        Chart("hits", 0, 20, 4).ShouldBe([null, null, 0.2, null]);
    }

    [Fact]
    public void Gauges_are_averaged_and_counters_that_go_up_and_down_are_added_over_processes()
    {
        foreach (var (instance, value) in new[] { ("a", 2L), ("b", 4L) })
        {
            Take("gauge", 5, new OtlpMessage().Add(1, Number(value, 1)), instance);
            Take("active", 7, new OtlpMessage().Add(1, Number(value, 1)).Add(2, 2).Add(3, 0), instance);
        }

        Chart("gauge", 0, 2, 1).ShouldBe([3]);
        Chart("active", 0, 2, 1).ShouldBe([6]);
    }

    [Fact]
    public void A_histogram_tells_percentiles_of_each_step()
    {
        // 100 below 1 in the first second, then 100 between 1 and 2.
        Take("duration", 9, Histogram(0, [0, 0, 0]));
        Take("duration", 9, Histogram(1, [100, 0, 0]));
        Take("duration", 9, Histogram(2, [100, 100, 0]));

        var points = Query("duration", 0, 2, 2).Single().Points;
        points[0].P50!.Value.ShouldBe(0.5, 0.001);
        points[1].P50!.Value.ShouldBe(1.5, 0.001);
        points[1].P99!.Value.ShouldBe(1.99, 0.001);
        points[1].Count.ShouldBe(100);
    }

    [Fact]
    public void An_exponential_histogram_tells_its_percentiles_too()
    {
        // Scale 0: the bucket i holds what is above 2^i and up to 2^(i+1).
        foreach (var (second, count) in new[] { (0L, 0L), (1L, 100L) })
        {
            var buckets = new OtlpMessage().Add(1, 4).Add(2, Packed(count));
            Take("size", 10, new OtlpMessage().Add(2, 2).Add(1, new OtlpMessage()
                .AddFixed(3, At(second)).AddFixed(4, count).AddFixed(5, 6.0 * count).Add(6, 0).Add(8, buckets)));
        }

        // Offset 4 is zigzag for 2: between 4 and 8.
        Query("size", 0, 1, 1).Single().Points[0].P50!.Value.ShouldBe(6, 0.001);
    }

    [Fact]
    public void Dimensions_split_and_filter()
    {
        foreach (var (route, value) in new[] { ("/a", 3), ("/b", 5) })
        {
            Take("hits", 7, Sum(2, 0, 0, route));
            Take("hits", 7, Sum(2, value, 1, route));
        }

        Query("hits", 0, 1, 1, "route").Select(s => (s.Label, s.Points[0].Value)).ShouldBe([("/a", 3), ("/b", 5)]);
        Query("hits", 0, 1, 1, null, ("route", "/b")).Single().Points[0].Value.ShouldBe(5);
    }

    [Fact]
    public void A_long_series_gets_coarser_and_loses_nothing_of_its_sum()
    {
        for (var second = 0; second < 5_000; second++)
            Take("hits", 7, Sum(2, second * second, second));

        var points = _store.Metrics.Find(new("shop", "m", "hits"))!.Series.Single().Points;
        points.Length.ShouldBeLessThanOrEqualTo(TelemetryLimits.PointsPerSeries);
        (points[0].Value, points[^1].Value).ShouldBe((0, 4_999.0 * 4_999));
        points.Select(p => p.AtNs).ShouldBeInOrder();
    }

    [Fact]
    public void A_flat_series_takes_two_points()
    {
        for (var second = 0; second < 100; second++)
            Take("gauge", 5, new OtlpMessage().Add(1, Number(7, second)));
        _store.Metrics.Points.ShouldBe(2);
        Chart("gauge", 0, 99, 3).ShouldBe([7, 7, 7]);
    }

    [Fact]
    public void Too_many_series_are_dropped_and_counted()
    {
        for (var i = 0; i < TelemetryLimits.SeriesPerInstrument + 10; i++)
            Take("hits", 7, Sum(2, 1, 1, $"/{i}"));
        _store.Metrics.Find(new("shop", "m", "hits"))!.Series.Count.ShouldBe(TelemetryLimits.SeriesPerInstrument);
        _store.Metrics.Dropped.ShouldBe(10);
    }

    private void Take(string name, int field, OtlpMessage data, string instance = "shop-1") => _store.Take(Signal.Metrics, OtlpMessage.Export(
        [("service.name", "shop"), ("service.instance.id", instance)], "m", new OtlpMessage().Add(1, name).Add(3, "1").Add(field, data)));

    private double?[] Chart(string name, long from, long to, int steps) => [.. Query(name, from, to, steps).Single().Points.Select(p => Rounded(p.Value))];

    private List<(string? Label, List<SeriesPoint> Points)> Query(string name, long from, long to, int steps, string? group = null, params (string, string)[] filters) =>
        [.. new SeriesQuery(At(from), At(to), steps, group, filters).Read(_store.Metrics.Find(new("shop", "m", name))!)];

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 6) : null;

    private static OtlpMessage Sum(int temporality, long value, long second, string? route = null)
    {
        var point = Number(value, second);
        return new OtlpMessage().Add(1, route is null ? point : point.AddAttributes(7, ("route", route))).Add(2, temporality).Add(3, 1);
    }

    private static OtlpMessage Number(long value, long second) => new OtlpMessage().AddFixed(3, At(second)).AddFixed(6, value);

    private static OtlpMessage Histogram(long second, long[] counts) => new OtlpMessage().Add(2, 2).Add(1, new OtlpMessage()
        .AddFixed(3, At(second)).AddFixed(4, counts.Sum()).AddFixed(5, 1.0)
        .Add(6, [.. counts.SelectMany(BitConverter.GetBytes)]).Add(7, [.. new[] { 1.0, 2.0 }.SelectMany(BitConverter.GetBytes)]));

    private static byte[] Packed(long number) => new OtlpMessage().Add(1, number).Bytes[1..];

    private static long At(long second) => OtlpMessage.Epoch + second * 1_000_000_000;
}
