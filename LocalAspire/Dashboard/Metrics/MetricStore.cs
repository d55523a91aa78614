using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Metrics;

/// <summary>An instrument at one moment, for reading without a lock.</summary>
internal sealed record InstrumentSnapshot(Instrument Instrument, IReadOnlyList<(KeyValuePair<string, string>[] Labels, MetricPoint[] Points)> Series);

/// <summary>Every instrument that anybody has sent.</summary>
internal sealed class MetricStore(long maxBytes = TelemetryLimits.MetricBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<InstrumentId, Instrument> _instruments = [];
    private int _series;
    private long _points;
    private long _bytes;

    /// <summary>Points of series for which there was no room.</summary>
    public long Dropped { get; private set; }

    private bool HasRoom => _series < TelemetryLimits.Series && _bytes < maxBytes;

    public long Points => Volatile.Read(ref _points);

    public long Bytes => Volatile.Read(ref _bytes);

    public void Add(List<MetricReading> readings)
    {
        lock (_gate)
        {
            foreach (var reading in readings)
                Add(reading);
            if (_bytes > maxBytes)
                ThinOut();
        }
    }

    /// <summary>Instruments with the values of their dimensions, but without points.</summary>
    public IReadOnlyList<InstrumentSnapshot> All()
    {
        lock (_gate)
            return [.. _instruments.Values.Where(IsShown).Select(i => new InstrumentSnapshot(i, [.. Shown(i).Select(s => (s.Labels, Array.Empty<MetricPoint>()))]))];
    }

    public InstrumentSnapshot? Find(InstrumentId id)
    {
        lock (_gate)
            return _instruments.TryGetValue(id, out var found) && IsShown(found) ? new(found, [.. Shown(found).Select(s => (s.Labels, s.Points))]) : null;
    }

    public void Clear(string? resource)
    {
        lock (_gate)
        {
            foreach (var id in _instruments.Keys.Where(id => resource is null || id.Resource.Equals(resource, StringComparison.OrdinalIgnoreCase)).ToList())
            {
                _instruments[id].Clear();
                if (_instruments[id].SeriesCount == 0)
                    _instruments.Remove(id);
            }

            Count();
        }
    }

    private static bool IsShown(Instrument instrument) => Shown(instrument).Any();

    private static IEnumerable<MetricSeries> Shown(Instrument instrument) => instrument.Series.Where(series => !series.IsCleared);

    // Everything becomes coarser by the same measure; what is hardly there stays, and then no more series are taken.
    private void ThinOut()
    {
        foreach (var series in _instruments.Values.SelectMany(i => i.Series))
            series.ThinOut(Math.Max(16, series.Count / 2));
        Count();
    }

    private void Count()
    {
        _series = _instruments.Values.Sum(i => i.SeriesCount);
        _points = _instruments.Values.Sum(i => i.Series.Sum(s => (long)s.Count));
        _bytes = _instruments.Values.Sum(i => i.Series.Sum(s => s.Bytes));
    }

    private void Add(MetricReading reading)
    {
        if (!_instruments.TryGetValue(reading.Instrument, out var instrument))
        {
            if (!HasRoom)
            {
                Dropped++;
                return;
            }

            _instruments[reading.Instrument] = instrument = new(reading);
        }

        var known = instrument.SeriesCount;
        // Two instruments of one name and different types: the first one counts, as for anybody who reads by name.
        if (instrument.Type != reading.Type || instrument.SeriesOf(reading, HasRoom) is not { } series)
        {
            Dropped++;
            return;
        }

        var isNew = instrument.SeriesCount > known;
        var (count, bytes) = (series.Count, isNew ? 0 : series.Bytes);
        series.Add(reading, instrument.PointsPerSeries);
        _series += isNew ? 1 : 0;
        _points += series.Count - count;
        _bytes += series.Bytes - bytes;
    }
}
