namespace AspireFeedback.Backend.CsvProfile;

/// <summary>Counts different values, up to a limit: an open-addressing table from hash to count, and the values' kept bytes.</summary>
internal sealed class FrequencyTable(int limit)
{
    private Entry[] _slots = new Entry[16];
    private Entry[] _spareSlots = [];
    private byte[] _bytes = new byte[64];
    private byte[] _spareBytes = [];
    private int _used;

    public int Count { get; private set; }

    /// <summary>False when the value is new and there is no room for it.</summary>
    /// <param name="hash">Of the whole value.</param>
    /// <param name="kept">Its first bytes.</param>
    /// <param name="cut">Whether there are more.</param>
    /// <param name="count">How often it is added.</param>
    /// <param name="missed">How often a new value may have occurred before without having been counted.</param>
    public bool TryAdd(ulong hash, ReadOnlySpan<byte> kept, bool cut, long count = 1, long missed = 0)
    {
        ref var entry = ref Find(hash);
        if (entry.Count == 0)
        {
            if (Count == limit)
                return false;
            if (Count * 2 >= _slots.Length)
            {
                Grow();
                entry = ref Find(hash);
            }
            entry = new Entry { Hash = hash, Missed = missed, Start = Store(kept), Length = (byte)kept.Length, Cut = cut };
            Count++;
        }
        entry.Count += count;
        return true;
    }

    /// <summary>In the order in which their values came.</summary>
    public Entry[] Entries() => [.. _slots.Where(entry => entry.Count > 0).OrderBy(entry => entry.Start)];

    public ReadOnlyMemory<byte> Kept(in Entry entry) => _bytes.AsMemory(entry.Start, entry.Length);

    /// <summary>Fills in how often each value has occurred at most; returns how many there are.</summary>
    public int UpperBounds(Span<long> bounds)
    {
        var filled = 0;
        foreach (ref readonly var entry in _slots.AsSpan())
        {
            if (entry.Count > 0)
                bounds[filled++] = entry.Count + entry.Missed;
        }
        return filled;
    }

    /// <summary>Forgets every value that has occurred so often or less; nothing is allocated after the first time.</summary>
    public void KeepAbove(long bound)
    {
        if (_spareSlots.Length != _slots.Length)
            _spareSlots = new Entry[_slots.Length];
        if (_spareBytes.Length < _bytes.Length)
            _spareBytes = new byte[_bytes.Length];
        (_slots, _spareSlots) = (_spareSlots, _slots);
        (_bytes, _spareBytes) = (_spareBytes, _bytes);
        _used = 0;
        Count = 0;
        foreach (ref readonly var entry in _spareSlots.AsSpan())
        {
            if (entry.Count > 0 && entry.Count + entry.Missed > bound)
                TryAdd(entry.Hash, _spareBytes.AsSpan(entry.Start, entry.Length), entry.Cut, entry.Count, entry.Missed);
        }
        Array.Clear(_spareSlots);
    }

    private ref Entry Find(ulong hash)
    {
        var mask = (uint)_slots.Length - 1;
        var slot = (uint)hash & mask;
        while (_slots[slot].Count > 0 && _slots[slot].Hash != hash)
            slot = (slot + 1) & mask;
        return ref _slots[slot];
    }

    private void Grow()
    {
        var before = _slots;
        _slots = new Entry[before.Length * 2];
        foreach (var entry in before)
        {
            if (entry.Count > 0)
                Find(entry.Hash) = entry;
        }
    }

    private int Store(ReadOnlySpan<byte> kept)
    {
        if (_used + kept.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + kept.Length));
        kept.CopyTo(_bytes.AsSpan(_used));
        _used += kept.Length;
        return _used - kept.Length;
    }

    public struct Entry
    {
        public ulong Hash;
        public long Count;
        public long Missed;
        public int Start;
        public byte Length;
        public bool Cut;
    }
}
