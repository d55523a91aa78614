namespace AspireFeedback.LocalAspire.Dashboard.Telemetry;

/// <summary>What is kept in memory. Traces, logs, points and attributes as with Aspire; the rest bounds what those leave open.</summary>
internal static class TelemetryLimits
{
    public const int Traces = 10_000;
    public const int Spans = 100_000;
    public const int SpansPerTrace = 10_000;
    public const long SpanBytes = 128 * 1024 * 1024;

    public const int Logs = 10_000;
    public const long LogBytes = 64 * 1024 * 1024;

    public const int PointsPerInstrument = 50_000;
    public const int PointsPerSeries = 1_500;
    public const int SeriesPerInstrument = 500;
    public const int Series = 10_000;
    public const long MetricBytes = 64 * 1024 * 1024;

    /// <summary>A histogram with more tells its count and sum only.</summary>
    public const int Buckets = 200;

    public const int Attributes = 128;
    public const int EventsPerSpan = 128;
    public const int LinksPerSpan = 128;

    /// <summary>A longer text ends with an ellipsis.</summary>
    public const int TextBytes = 8 * 1024;

    public const int LongTextBytes = 32 * 1024;
}
