namespace AspireFeedback.LocalAspire.Dashboard.Telemetry;

/// <summary>
/// The spans of one trace that have come so far. One writer at a time (the store's lock); readers need none, since spans are only added:
/// whoever reads the count first finds an array that holds as many.
/// </summary>
internal sealed class TraceEntry(UInt128 id)
{
    private SpanRow[] _spans = new SpanRow[4];
    private int _count;

    public UInt128 Id => id;

    public long StartNs { get; private set; } = long.MaxValue;

    public long EndNs { get; private set; }

    public int Errors { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>What the first span that names one is about.</summary>
    public string? RequestId { get; private set; }

    public int Count => Volatile.Read(ref _count);

    public ReadOnlySpan<SpanRow> Spans
    {
        get
        {
            var count = Volatile.Read(ref _count);
            return Volatile.Read(ref _spans).AsSpan(0, count);
        }
    }

    public void Add(SpanRow span)
    {
        if (_count == _spans.Length)
        {
            var larger = new SpanRow[_count * 2];
            _spans.CopyTo(larger, 0);
            Volatile.Write(ref _spans, larger);
        }

        _spans[_count] = span;
        StartNs = Math.Min(StartNs, span.StartNs);
        EndNs = Math.Max(EndNs, span.EndNs);
        Errors += span.Status == SpanStatus.Error ? 1 : 0;
        Bytes += span.Bytes;
        RequestId ??= span.RequestId;
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>The span without a parent, or while that has not come the earliest that has.</summary>
    public SpanRow Root
    {
        get
        {
            var root = Spans[0];
            foreach (var span in Spans)
            {
                if ((span.ParentSpanId == 0, -span.StartNs).CompareTo((root.ParentSpanId == 0, -root.StartNs)) > 0)
                    root = span;
            }

            return root;
        }
    }
}
