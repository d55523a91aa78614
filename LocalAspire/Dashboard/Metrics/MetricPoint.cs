namespace AspireFeedback.LocalAspire.Dashboard.Metrics;

internal enum InstrumentType : byte
{
    Counter,
    UpDownCounter,
    Gauge,
    Histogram,
}

/// <summary>The counts of a histogram's buckets: one more than there are bounds, since the last one has no upper end.</summary>
internal sealed record Buckets(double[] Bounds, double[] Counts);

/// <summary>
/// What a series had counted or measured at one moment. Of counters and histograms it is the sum since the series began here, whatever the sender's
/// temporality and restarts: so points in between may go without a loss but resolution.
/// </summary>
internal readonly record struct MetricPoint(long AtNs, double Value, double Count = 0, Buckets? Buckets = null)
{
    /// <summary>What it takes in memory after the point before it, with which it may share its bounds.</summary>
    public long BytesAfter(MetricPoint before) => 32 + (Buckets is null ? 0
        : 80 + 8L * Buckets.Counts.Length + (ReferenceEquals(Buckets.Bounds, before.Buckets?.Bounds) ? 0 : 24 + 8L * Buckets.Bounds.Length));

    public bool IsSameAs(MetricPoint other) =>
        Value.Equals(other.Value) && Count.Equals(other.Count) && (ReferenceEquals(Buckets, other.Buckets) || Equal(Buckets?.Counts, other.Buckets?.Counts));

    /// <summary>Between this point and a later one, in proportion to the time.</summary>
    public MetricPoint Towards(MetricPoint later, long atNs)
    {
        var share = later.AtNs == AtNs ? 1 : (double)(atNs - AtNs) / (later.AtNs - AtNs);
        return new(atNs, Value + (later.Value - Value) * share, Count + (later.Count - Count) * share, Between(Buckets, later.Buckets, share));
    }

    private static Buckets? Between(Buckets? from, Buckets? to, double share)
    {
        if (from is null || to is null || from.Counts.Length != to.Counts.Length)
            return to;
        var counts = new double[to.Counts.Length];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = from.Counts[i] + (to.Counts[i] - from.Counts[i]) * share;
        return new(to.Bounds, counts);
    }

    private static bool Equal(double[]? one, double[]? other) => one.AsSpan().SequenceEqual(other);
}
