namespace AspireFeedback.LocalAspire.Dashboard.Metrics;

/// <summary>One instrument of one process with one set of dimensions, over time. Not safe for threads: the store's lock guards it.</summary>
internal sealed class MetricSeries(KeyValuePair<string, string>[] labels, InstrumentType type)
{
    // How long before its first point a counter is taken to have been at zero, when its sender says that it began earlier.
    private const long RunUpNs = 5_000_000_000;

    private readonly List<MetricPoint> _points = [];
    private long _pointBytes;
    private readonly long _ownBytes = 200 + labels.Sum(label => 80 + 4L * (label.Key.Length + label.Value.Length));
    private MetricPoint _base;
    private MetricPoint _raw;
    private long _startNs;

    public KeyValuePair<string, string>[] Labels => labels;

    public int Count => _points.Count;

    public MetricPoint[] Points => [.. _points];

    /// <summary>What it takes in memory, about.</summary>
    public long Bytes => _ownBytes + _pointBytes;

    /// <summary>Nothing has come since it was cleared.</summary>
    public bool IsCleared { get; private set; }

    public void Add(MetricReading reading, int limit)
    {
        if (_points.Count > 0 && reading.Point.AtNs <= _points[^1].AtNs)
            return;

        IsCleared = false;
        var isSum = type is InstrumentType.Counter or InstrumentType.Histogram || (type == InstrumentType.UpDownCounter && reading.IsDelta);
        var isFirst = _points.Count == 0;
        var point = isSum ? SinceTheBeginning(reading with { Point = WithSharedBounds(reading.Point) }) : reading.Point;
        if (isFirst && type is InstrumentType.Counter or InstrumentType.Histogram && reading.StartNs > 0 && reading.StartNs < point.AtNs)
            Append(Zero(point) with { AtNs = Math.Max(reading.StartNs, point.AtNs - RunUpNs) });
        Append(point);
        ThinOut(limit);
    }

    /// <summary>Keeps the last point: without it the next one would look like everything since the sender began.</summary>
    public void Clear()
    {
        _points.RemoveRange(0, Math.Max(0, _points.Count - 1));
        IsCleared = true;
        Measure();
    }

    // When it is full, every second point of the older half goes: the further back, the coarser.
    public void ThinOut(int limit)
    {
        if (_points.Count <= limit)
            return;
        while (_points.Count > limit)
        {
            var half = _points.Count / 2;
            var kept = 0;
            for (var i = 0; i < half; i += 2)
                _points[kept++] = _points[i];
            _points.RemoveRange(kept, half - kept);
        }

        Measure();
    }

    private void Append(MetricPoint point)
    {
        // A flat stretch is its two ends.
        if (_points.Count >= 2 && _points[^1].IsSameAs(point) && _points[^2].IsSameAs(point))
        {
            _pointBytes -= _points[^1].BytesAfter(_points[^2]);
            _points.RemoveAt(_points.Count - 1);
        }

        _pointBytes += point.BytesAfter(_points.Count > 0 ? _points[^1] : default);
        _points.Add(point);
    }

    private void Measure()
    {
        (_pointBytes, var before) = (0, default(MetricPoint));
        foreach (var point in _points)
        {
            _pointBytes += point.BytesAfter(before);
            before = point;
        }
    }

    private MetricPoint WithSharedBounds(MetricPoint point) =>
        point.Buckets is { } buckets && _points.Count > 0 && _points[^1].Buckets is { } last && last.Bounds.AsSpan().SequenceEqual(buckets.Bounds)
            ? point with { Buckets = buckets with { Bounds = last.Bounds } }
            : point;

    private MetricPoint SinceTheBeginning(MetricReading reading)
    {
        if (reading.IsDelta)
            return _base = Sum(_base, reading.Point);
        // The sender has begun anew: it says so, or its numbers have fallen.
        var hasBegun = _startNs > 0 && reading.StartNs > _startNs;
        if (hasBegun || reading.Point.Count < _raw.Count || (type == InstrumentType.Counter && reading.Point.Value < _raw.Value))
            _base = Sum(_base, _raw);
        if (hasBegun && _points.Count > 0 && reading.StartNs > _points[^1].AtNs && reading.StartNs < reading.Point.AtNs)
            Append(_points[^1] with { AtNs = reading.StartNs });
        _startNs = reading.StartNs;
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
