using AspireFeedback.LocalAspire.Dashboard.Metrics;

namespace AspireFeedback.LocalAspire.Dashboard.Queries;

/// <summary>Null everywhere: nobody measured at that time.</summary>
internal readonly record struct SeriesPoint(long AtNs, double? Value, double? Count, double? Sum, double? P50, double? P90, double? P99);

/// <summary>A chart of one instrument: its series added up by one dimension, in even steps of time.</summary>
internal sealed record SeriesQuery(long FromNs, long ToNs, int Steps, string? Group, IReadOnlyList<(string Key, string Value)> Filters)
{
    public const int MaxGroups = 50;

    public IEnumerable<(string? Label, List<SeriesPoint> Points)> Read(InstrumentSnapshot snapshot)
    {
        var groups = snapshot.Series
            .Where(series => Filters.All(f => ValueOf(series.Labels, f.Key) == f.Value))
            .GroupBy(series => Group is null ? null : ValueOf(series.Labels, Group) ?? "")
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Take(MaxGroups);
        foreach (var group in groups)
            yield return (group.Key, [.. Chart(snapshot.Instrument.Type, [.. group.Select(series => series.Points)])]);
    }

    private IEnumerable<SeriesPoint> Chart(InstrumentType type, MetricPoint[][] series)
    {
        var step = Math.Max(1, (ToNs - FromNs) / Steps);
        for (var i = 0; i < Steps; i++)
        {
            var (start, end) = (FromNs + i * step, FromNs + (i + 1) * step);
            yield return type switch
            {
                InstrumentType.Counter => Rate(series, start, end),
                InstrumentType.Histogram => Distribution(series, start, end),
                _ => Level(series, start, end, isSum: type == InstrumentType.UpDownCounter),
            };
        }
    }

    private SeriesPoint Rate(MetricPoint[][] series, long start, long end)
    {
        double? rate = null;
        foreach (var points in series)
        {
            if (Increase(points, start, end) is { } increase)
                rate = (rate ?? 0) + increase.Value / (Measured(points, start, end) / 1e9);
        }

        return new(end, rate, null, null, null, null, null);
    }

    // The newest point may stand in the middle of a step and more of it be to come. A sender that is gone has counted nothing in the rest of the step.
    private long Measured(MetricPoint[] points, long start, long end)
    {
        var last = points[^1].AtNs;
        var mayGoOn = points.Length > 1 && ToNs - last < 2 * (last - points[^2].AtNs);
        return mayGoOn && last < end ? last - start : end - start;
    }

    private static SeriesPoint Distribution(MetricPoint[][] series, long start, long end)
    {
        double? count = null;
        double sum = 0;
        Buckets? all = null;
        foreach (var points in series)
        {
            if (Increase(points, start, end) is not { } increase)
                continue;
            count = (count ?? 0) + increase.Count;
            sum += increase.Value;
            if (increase.Buckets is not { } buckets)
                continue;
            all ??= new(buckets.Bounds, new double[buckets.Counts.Length]);
            // Senders with other bounds cannot be added up; they count in all but the percentiles.
            for (var i = 0; all.Bounds.AsSpan().SequenceEqual(buckets.Bounds) && i < buckets.Counts.Length; i++)
                all.Counts[i] += buckets.Counts[i];
        }

        return new(end, null, count, count is null ? null : sum, Percentile.Of(all, 0.5), Percentile.Of(all, 0.9), Percentile.Of(all, 0.99));
    }

    private static SeriesPoint Level(MetricPoint[][] series, long start, long end, bool isSum)
    {
        var (sum, measured) = (0.0, 0);
        foreach (var points in series)
        {
            if (points.Length == 0 || points[0].AtNs > end || points[^1].AtNs < start)
                continue;
            sum += At(points, Math.Min(end, points[^1].AtNs)).Value;
            measured++;
        }

        return new(end, measured == 0 ? null : isSum ? sum : sum / measured, null, null, null, null, null);
    }

    /// <summary>By how much it grew, or null when it was not there for any of the time.</summary>
    private static MetricPoint? Increase(MetricPoint[] points, long start, long end)
    {
        if (points.Length == 0 || points[0].AtNs >= end || points[^1].AtNs <= start)
            return null;
        var (from, to) = (At(points, Math.Max(start, points[0].AtNs)), At(points, Math.Min(end, points[^1].AtNs)));
        var buckets = to.Buckets is { } after && from.Buckets is { } before && before.Counts.Length == after.Counts.Length
            ? new Buckets(after.Bounds, [.. after.Counts.Zip(before.Counts, (a, b) => a - b)])
            : to.Buckets;
        return new(end, to.Value - from.Value, to.Count - from.Count, buckets);
    }

    /// <summary>The point at a time between the first and the last.</summary>
    private static MetricPoint At(MetricPoint[] points, long atNs)
    {
        var (low, high) = (0, points.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (points[middle].AtNs < atNs)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 || points[low].AtNs == atNs ? points[low] : points[low - 1].Towards(points[low], atNs);
    }

    private static string? ValueOf(KeyValuePair<string, string>[] labels, string key)
    {
        foreach (var label in labels)
        {
            if (label.Key == key)
                return label.Value;
        }

        return null;
    }
}
