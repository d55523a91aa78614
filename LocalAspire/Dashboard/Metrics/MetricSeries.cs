namespace AspireFeedback.LocalAspire.Dashboard.Metrics;

/// <summary>One instrument of one process with one set of dimensions, over time. Not safe for threads: the store's lock guards it.</summary>
internal sealed class MetricSeries(KeyValuePair<string, string>[] labels, InstrumentType type)
{
    // How long before its first point a counter is taken to have been at zero, when its sender says that it began earlier.
    private const long RunUpNs = 5_000_000_000;

    private readonly List<MetricPoint> _points = [];
    private MetricPoint _base;
    private MetricPoint _raw;

    public KeyValuePair<string, string>[] Labels => labels;

    public int Count => _points.Count;

    public MetricPoint[] Points => [.. _points];

    /// <summary>By how many points the series has grown.</summary>
    public int Add(MetricReading reading, int limit)
    {
        var before = _points.Count;
        if (before > 0 && reading.Point.AtNs <= _points[^1].AtNs)
            return 0;

        var point = type is InstrumentType.Counter or InstrumentType.Histogram ? SinceTheBeginning(reading) : reading.Point;
        if (before == 0 && type is InstrumentType.Counter or InstrumentType.Histogram && reading.StartNs > 0 && reading.StartNs < point.AtNs)
            _points.Add(Zero(point) with { AtNs = Math.Max(reading.StartNs, point.AtNs - RunUpNs) });

        // A flat stretch is its two ends.
        if (_points.Count >= 2 && _points[^1].IsSameAs(point) && _points[^2].IsSameAs(point))
            _points[^1] = point;
        else
            _points.Add(point);
        if (_points.Count > limit)
            ThinOut(limit);
        return _points.Count - before;
    }

    // When it is full, every second point of the older half goes: the further back, the coarser.
    private void ThinOut(int limit)
    {
        while (_points.Count > limit)
        {
            var half = _points.Count / 2;
            var kept = 0;
            for (var i = 0; i < half; i += 2)
                _points[kept++] = _points[i];
            _points.RemoveRange(kept, half - kept);
        }
    }

    private MetricPoint SinceTheBeginning(MetricReading reading)
    {
        if (reading.IsDelta)
            return _base = Sum(_base, reading.Point);
        // The sender has begun anew.
        if (reading.Point.Count < _raw.Count || (type == InstrumentType.Counter && reading.Point.Value < _raw.Value))
            _base = Sum(_base, _raw);
        _raw = reading.Point;
        return Sum(_base, _raw);
    }

    private static MetricPoint Sum(MetricPoint one, MetricPoint other)
    {
        var buckets = other.Buckets;
        if (one.Buckets is { } before && buckets is not null && before.Counts.Length == buckets.Counts.Length)
            buckets = new(buckets.Bounds, [.. before.Counts.Zip(buckets.Counts, (a, b) => a + b)]);
        return new(other.AtNs, one.Value + other.Value, one.Count + other.Count, buckets);
    }

    private static MetricPoint Zero(MetricPoint like) =>
        new(like.AtNs, 0, 0, like.Buckets is null ? null : new(like.Buckets.Bounds, new double[like.Buckets.Counts.Length]));
}
