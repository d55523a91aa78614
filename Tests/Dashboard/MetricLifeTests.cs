using AspireFeedback.LocalAspire.Dashboard.Metrics;
using AspireFeedback.LocalAspire.Dashboard.Queries;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

/// <summary>Senders that begin anew, series that are cleared, and more than there is room for.</summary>
public sealed class MetricLifeTests
{
    private readonly MetricStore _store = new(maxBytes: 1_000_000);

    [Fact]
    public void A_counter_that_begins_anew_counts_from_zero_also_when_it_comes_higher_than_before()
    {
        Take(InstrumentType.Counter, new(At(0), 0), startedAt: 1);
        Take(InstrumentType.Counter, new(At(1), 3), startedAt: 1);
        Take(InstrumentType.Counter, new(At(3), 10), startedAt: At(2));

        Chart(0, 3, 3).ShouldBe([3, 0, 10]);
    }

    [Fact]
    public void A_histogram_that_begins_anew_has_no_bucket_below_zero()
    {
        Take(InstrumentType.Histogram, new(At(0), 1, 2, new([1], [2, 0])), startedAt: 1);
        Take(InstrumentType.Histogram, new(At(1), 9, 3, new([1], [0, 3])), startedAt: At(0) + 1);

        Points()[^1].Buckets!.Counts.ShouldBe([2, 3]);
    }

    [Fact]
    public void What_goes_up_and_down_in_deltas_is_their_sum()
    {
        foreach (var (second, change) in new[] { (0, 5), (1, -2), (2, 4) })
            Take(InstrumentType.UpDownCounter, new(At(second), change), isDelta: true);

        Points().Select(p => p.Value).ShouldBe([5, 3, 7]);
    }

    [Fact]
    public void Cleared_is_not_shown_until_something_comes_and_that_is_no_leap()
    {
        Take(InstrumentType.Counter, new(At(0), 1_000), startedAt: 1);
        _store.Clear(null);
        _store.All().ShouldBeEmpty();

        Take(InstrumentType.Counter, new(At(1), 1_010), startedAt: 1);
        Chart(0, 1, 1).ShouldBe([10]);

        _store.Clear(null);
        _store.Clear(null);
        (_store.Points, _store.Bytes).ShouldBe((0, 0));
    }

    [Fact]
    public void The_newest_step_is_measured_as_far_as_it_goes()
    {
        foreach (var second in new[] { 8, 9, 10, 11 })
            Take(InstrumentType.Counter, new(At(second), second * 4));

        // The last step has ten seconds, of which the first has been measured.
        Chart(0, 12, 6).ShouldBe([null, null, null, null, 4, 4]);
    }

    [Fact]
    public void What_is_too_much_gets_coarser_and_then_no_more_series_are_taken()
    {
        for (var second = 0; second < 2_000; second++)
            Take(InstrumentType.Histogram, new(At(second), second, second, new([second, second + 0.5], [second, 0, 0])));
        _store.Bytes.ShouldBeInRange(100_000, 1_000_000);

        for (var i = 0; i < 400; i++)
            Take(InstrumentType.Gauge, new(At(1), i), label: $"{i}".PadLeft(3_000));
        _store.Bytes.ShouldBeLessThan(1_020_000);
        _store.Dropped.ShouldBeGreaterThan(0);
        Points()[^1].Count.ShouldBe(1_999);
    }

    private void Take(InstrumentType type, MetricPoint point, long startedAt = 0, bool isDelta = false, string? label = null) => _store.Add([new(
        new("shop", "m", label is null ? "one" : "many"), new("shop", "shop-1", new([])), "", "", type, isDelta, label is null ? [] : [new("a", label)], startedAt, point)]);

    private MetricPoint[] Points() => _store.Find(new("shop", "m", "one"))!.Series.Single().Points;

    private double?[] Chart(long from, long to, int steps) =>
        [.. new SeriesQuery(At(from), At(to), steps, null, []).Read(_store.Find(new("shop", "m", "one"))!).Single().Points.Select(p => p.Value)];

    private static long At(long second) => OtlpMessage.Epoch + second * 1_000_000_000;
}
