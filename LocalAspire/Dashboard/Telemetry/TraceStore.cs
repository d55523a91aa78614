namespace AspireFeedback.LocalAspire.Dashboard.Telemetry;

/// <summary>The last traces, by the time at which their first span came. What does not fit any more goes, oldest trace first.</summary>
internal sealed class TraceStore(long maxBytes = TelemetryLimits.SpanBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, TraceEntry> _traces = [];
    private readonly Queue<TraceEntry> _byArrival = new();
    private readonly Dictionary<UInt128, List<UInt128>> _linkedFrom = [];
    private TraceEntry[]? _snapshot;
    private int _spans;
    private long _bytes;

    /// <summary>Spans that were never kept, since their trace is too large.</summary>
    public long Dropped { get; private set; }

    /// <summary>Spans that made room for later ones.</summary>
    public long Evicted { get; private set; }

    public int Spans => Volatile.Read(ref _spans);

    public long Bytes => Volatile.Read(ref _bytes);

    public int Count
    {
        get
        {
            lock (_gate)
                return _traces.Count;
        }
    }

    public void Add(List<SpanRow> spans)
    {
        lock (_gate)
        {
            foreach (var span in spans)
                Add(span);
            while (_traces.Count > TelemetryLimits.Traces || _spans > TelemetryLimits.Spans || _bytes > maxBytes)
                EvictOldest();
        }
    }

    /// <summary>The traces of this moment in the order in which they came; their spans may still grow.</summary>
    public TraceEntry[] Snapshot()
    {
        lock (_gate)
            return _snapshot ??= [.. _byArrival];
    }

    public TraceEntry? Find(UInt128 id)
    {
        lock (_gate)
            return _traces.GetValueOrDefault(id);
    }

    /// <summary>The traces with a span that links to this one.</summary>
    public UInt128[] LinkedFrom(UInt128 id)
    {
        lock (_gate)
            return _linkedFrom.TryGetValue(id, out var from) ? [.. from] : [];
    }

    /// <summary>Everything, or the traces in which only this resource had a part.</summary>
    public void Clear(string? resource)
    {
        lock (_gate)
        {
            var kept = _byArrival.Select(trace => trace.Spans.ToArray())
                .Where(spans => resource is not null && spans.Any(span => !span.Source.Is(resource, null)))
                .SelectMany(spans => spans).ToList();
            _traces.Clear();
            _byArrival.Clear();
            _linkedFrom.Clear();
            (_snapshot, _spans, _bytes) = (null, 0, 0);
            foreach (var span in kept)
                Add(span);
        }
    }

    private void Add(SpanRow span)
    {
        if (!_traces.TryGetValue(span.TraceId, out var trace))
        {
            _traces[span.TraceId] = trace = new(span.TraceId);
            _byArrival.Enqueue(trace);
            _snapshot = null;
        }

        if (trace.Count >= TelemetryLimits.SpansPerTrace)
        {
            Dropped++;
            return;
        }

        trace.Add(span);
        _spans++;
        _bytes += span.Bytes;
        foreach (var link in span.Links)
        {
            if (link.TraceId == span.TraceId || link.TraceId == 0)
                continue;
            if (!_linkedFrom.TryGetValue(link.TraceId, out var from))
                _linkedFrom[link.TraceId] = from = [];
            if (!from.Contains(span.TraceId) && from.Count < TelemetryLimits.LinksPerSpan)
                from.Add(span.TraceId);
        }
    }

    private void EvictOldest()
    {
        var oldest = _byArrival.Dequeue();
        _traces.Remove(oldest.Id);
        foreach (var link in oldest.Spans.ToArray().SelectMany(span => span.Links))
        {
            if (_linkedFrom.TryGetValue(link.TraceId, out var from) && from.Remove(oldest.Id) && from.Count == 0)
                _linkedFrom.Remove(link.TraceId);
        }

        _snapshot = null;
        _spans -= oldest.Count;
        _bytes -= oldest.Bytes;
        Evicted += oldest.Count;
    }
}
