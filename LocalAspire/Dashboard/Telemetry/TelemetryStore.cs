using AspireFeedback.LocalAspire.Dashboard.Metrics;
using AspireFeedback.LocalAspire.Dashboard.Otlp;

namespace AspireFeedback.LocalAspire.Dashboard.Telemetry;

internal enum Signal : byte
{
    Traces,
    Logs,
    Metrics,
}

/// <summary>The telemetry of one run, this one or an earlier one.</summary>
internal sealed class TelemetryStore(
    RequestIds requestIds, long maxSpanBytes = TelemetryLimits.SpanBytes, long maxLogBytes = TelemetryLimits.LogBytes)
{
    private readonly TelemetrySources _sources = new();
    private long _version;

    public TraceStore Traces { get; } = new(maxSpanBytes);

    public LogStore Logs { get; } = new(maxLogBytes);

    public MetricStore Metrics { get; } = new();

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    public long Bytes => Traces.Bytes + Logs.Bytes + Metrics.Bytes;

    /// <summary>Takes a whole request or, when it is malformed, nothing of it.</summary>
    /// <exception cref="InvalidDataException">The request is no OTLP.</exception>
    public void Take(Signal signal, ReadOnlySpan<byte> request)
    {
        var decoder = new OtlpDecoder(_sources, requestIds);
        switch (signal)
        {
            case Signal.Traces: Traces.Add(decoder.Traces(request)); break;
            case Signal.Logs: Logs.Add(decoder.Logs(request)); break;
            default: Metrics.Add(decoder.Metrics(request)); break;
        }

        Interlocked.Increment(ref _version);
    }

    public void Clear(Signal? signal, string? resource)
    {
        if (signal is null or Signal.Traces)
            Traces.Clear(resource);
        if (signal is null or Signal.Logs)
            Logs.Clear(resource);
        if (signal is null or Signal.Metrics)
            Metrics.Clear(resource);
        Interlocked.Increment(ref _version);
    }
}
