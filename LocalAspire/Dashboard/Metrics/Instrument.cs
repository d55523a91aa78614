using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Metrics;

/// <summary>All series of one instrument of one resource, from all its processes. The store's lock guards it.</summary>
internal sealed class Instrument(MetricReading first)
{
    /// <summary>The dimension that tells the processes of a resource apart.</summary>
    public const string InstanceLabel = "instance";

    private readonly Dictionary<string, MetricSeries> _series = [];

    public InstrumentId Id => first.Instrument;

    public string Description => first.Description;

    public string Unit => first.Unit;

    public InstrumentType Type => first.Type;

    public IEnumerable<MetricSeries> Series => _series.Values;

    public int SeriesCount => _series.Count;

    public int PointsPerSeries => Math.Clamp(TelemetryLimits.PointsPerInstrument / Math.Max(1, _series.Count), 100, TelemetryLimits.PointsPerSeries);

    /// <summary>Forgets what was measured, and altogether the series of which nothing has come since they were cleared last.</summary>
    public void Clear()
    {
        foreach (var (key, series) in _series.ToList())
        {
            if (series.IsCleared)
                _series.Remove(key);
            else
                series.Clear();
        }
    }

    /// <summary>The series to which the point belongs; null when there is no room for one more.</summary>
    public MetricSeries? SeriesOf(MetricReading reading, bool mayGrow)
    {
        var key = string.Join('\u001f', reading.Labels.Select(label => $"{label.Key}={label.Value}").Prepend(reading.Source.Instance));
        if (!_series.TryGetValue(key, out var series))
        {
            if (!mayGrow || _series.Count >= TelemetryLimits.SeriesPerInstrument)
                return null;
            _series[key] = series = new([.. reading.Labels, new(InstanceLabel, reading.Source.Instance)], Type);
        }

        return series;
    }
}
