namespace AspireFeedback.LocalAspire.Dashboard.Telemetry;

/// <summary>The last log lines, in the order in which they came.</summary>
internal sealed class LogStore(long maxBytes = TelemetryLimits.LogBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<LogRow> _rows = new();
    private LogRow[]? _snapshot;
    private long _lastId;
    private long _bytes;

    /// <summary>Lines that made room for later ones.</summary>
    public long Evicted { get; private set; }

    public long Bytes => Volatile.Read(ref _bytes);

    public int Count
    {
        get
        {
            lock (_gate)
                return _rows.Count;
        }
    }

    public void Add(List<LogRow> rows)
    {
        lock (_gate)
        {
            foreach (var row in rows)
            {
                row.Id = ++_lastId;
                _rows.Enqueue(row);
                _bytes += row.Bytes;
            }

            while (_rows.Count > TelemetryLimits.Logs || _bytes > maxBytes)
            {
                _bytes -= _rows.Dequeue().Bytes;
                Evicted++;
            }

            _snapshot = null;
        }
    }

    /// <summary>Ids grow with the index.</summary>
    public LogRow[] Snapshot()
    {
        lock (_gate)
            return _snapshot ??= [.. _rows];
    }

    public LogRow? Find(long id)
    {
        var rows = Snapshot();
        // Without gaps, except where a resource's lines were cleared.
        var index = Array.BinarySearch(rows, null, Comparer<LogRow?>.Create((row, _) => row!.Id.CompareTo(id)));
        return index >= 0 ? rows[index] : null;
    }

    public void Clear(string? resource)
    {
        lock (_gate)
        {
            var kept = resource is null ? [] : _rows.Where(row => !row.Source.Is(resource, null)).ToList();
            _rows.Clear();
            kept.ForEach(_rows.Enqueue);
            _bytes = kept.Sum(row => row.Bytes);
            _snapshot = null;
        }
    }
}
