namespace AspireFeedback.Backend.CsvProfile;

/// <summary>
/// The most frequent values of a stream in fixed memory. As in Space-Saving (Metwally, Agrawal, El Abbadi, "Efficient computation of
/// frequent and top-k elements in data streams", 2005) the rarest make room, and a value that comes (again) is known to have been missed
/// at most as often as those had occurred; they go by the half, as in lossy counting (Manku, Motwani, "Approximate frequency counts over
/// data streams", 2002), which costs less per value than one by one. Counts are lower bounds; a value that never had to go has its true one.
/// </summary>
internal sealed class FrequentValues
{
    private readonly FrequencyTable _table;
    private readonly long[] _bounds;
    private long _missed;

    /// <param name="capacity">Counters.</param>
    /// <param name="all">Everything that was counted before.</param>
    public FrequentValues(int capacity, FrequencyTable all)
    {
        _table = new(capacity);
        _bounds = new long[capacity];
        var byCount = all.Entries().OrderByDescending(entry => entry.Count).ToArray();
        foreach (var entry in byCount.Take(capacity / 2))
            _table.TryAdd(entry.Hash, all.Kept(entry).Span, entry.Cut, entry.Count);
        if (byCount.Length > capacity / 2)
            _missed = byCount[capacity / 2].Count;
    }

    public void Add(ulong hash, ReadOnlySpan<byte> kept, bool cut)
    {
        while (!_table.TryAdd(hash, kept, cut, 1, _missed))
        {
            var bounds = _bounds.AsSpan(0, _table.UpperBounds(_bounds));
            bounds.Sort();
            _missed = bounds[bounds.Length / 2];
            _table.KeepAbove(_missed);
        }
    }

    /// <summary>Values with the number of times that each has certainly occurred.</summary>
    public IEnumerable<(ReadOnlyMemory<byte> Kept, bool Cut, long Count)> Certain() =>
        _table.Entries().Select(entry => (_table.Kept(entry), entry.Cut, entry.Count));
}
