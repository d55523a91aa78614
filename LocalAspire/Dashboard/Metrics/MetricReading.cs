using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Metrics;

internal sealed record InstrumentId(string Resource, string Meter, string Name);

/// <summary>A data point as it came, with all that says where it belongs.</summary>
/// <param name="Labels">Dimensions, ordered by name.</param>
internal sealed record MetricReading(
    InstrumentId Instrument, TelemetrySource Source, string Description, string Unit, InstrumentType Type, bool IsDelta,
    KeyValuePair<string, string>[] Labels, long StartNs, MetricPoint Point);
