using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Metrics;

/// <summary>An instrument at one moment, for reading without a lock.</summary>
internal sealed record InstrumentSnapshot(Instrument Instrument, IReadOnlyList<(KeyValuePair<string, string>[] Labels, MetricPoint[] Points)> Series);

/// <summary>Every instrument that anybody has sent.</summary>
internal sealed class MetricStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<InstrumentId, Instrument> _instruments = [];
    private int _series;
    private long _points;

    /// <summary>Points of series for which there was no room.</summary>
    public long Dropped { get; private set; }

    public long Points => Volatile.Read(ref _points);

    public void Add(List<MetricReading> readings)
    {
        lock (_gate)
        {
            foreach (var reading in readings)
                Add(reading);
        }
    }

    /// <summary>Instruments with the values of their dimensions, but without points.</summary>
    public IReadOnlyList<InstrumentSnapshot> All()
    {
        lock (_gate)
            return [.. _instruments.Values.Select(i => new InstrumentSnapshot(i, [.. i.Series.Select(s => (s.Labels, Array.Empty<MetricPoint>()))]))];
    }

    public InstrumentSnapshot? Find(InstrumentId id)
    {
        lock (_gate)
            return _instruments.TryGetValue(id, out var found) ? new(found, [.. found.Series.Select(s => (s.Labels, s.Points))]) : null;
    }

    public void Clear(string? resource)
    {
        lock (_gate)
        {
            foreach (var id in _instruments.Keys.Where(id => resource is null || id.Resource.Equals(resource, StringComparison.OrdinalIgnoreCase)).ToList())
                _instruments.Remove(id);
            _series = _instruments.Values.Sum(i => i.SeriesCount);
            _points = _instruments.Values.Sum(i => i.Series.Sum(s => (long)s.Count));
        }
    }

    private void Add(MetricReading reading)
    {
        if (!_instruments.TryGetValue(reading.Instrument, out var instrument))
        {
            if (_series >= TelemetryLimits.Series)
            {
                Dropped++;
                return;
            }

            _instruments[reading.Instrument] = instrument = new(reading);
        }

        var before = instrument.SeriesCount;
        // Two instruments of one name and different types: the first one counts, as for anybody who reads by name.
        if (instrument.Type != reading.Type || instrument.Add(reading, _series < TelemetryLimits.Series) is not { } grown)
        {
            Dropped++;
            return;
        }

        _series += instrument.SeriesCount - before;
        _points += grown;
    }
}
