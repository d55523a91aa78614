namespace AspireFeedback.Backend.CsvProfile;

/// <summary>Counts every different value exactly, up to a limit: an open-addressing table from hash to count, and the values' kept bytes.</summary>
internal sealed class FrequencyTable(int limit)
{
    private Entry[] _slots = new Entry[16];
    private byte[] _bytes = new byte[64];
    private int _used;

    public int Count { get; private set; }

    /// <summary>False when the value is new and there is no room for it.</summary>
    public bool TryAdd(ulong hash, ReadOnlySpan<byte> value)
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
            entry = Store(hash, value);
            Count++;
        }
        entry.Count++;
        return true;
    }

    /// <summary>In the order in which their values came.</summary>
    public Entry[] Entries() => [.. _slots.Where(entry => entry.Count > 0).OrderBy(entry => entry.Start)];

    public ReadOnlyMemory<byte> Kept(in Entry entry) => _bytes.AsMemory(entry.Start, entry.Length);

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

    private Entry Store(ulong hash, ReadOnlySpan<byte> value)
    {
        var kept = CsvText.Keep(value);
        if (_used + kept.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + kept.Length));
        kept.CopyTo(_bytes.AsSpan(_used));
        var entry = new Entry { Hash = hash, Start = _used, Length = (byte)kept.Length, Cut = kept.Length < value.Length };
        _used += kept.Length;
        return entry;
    }

    public struct Entry
    {
        public ulong Hash;
        public long Count;
        public int Start;
        public byte Length;
        public bool Cut;
    }
}
