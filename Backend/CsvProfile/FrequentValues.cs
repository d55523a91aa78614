namespace AspireFeedback.Backend.CsvProfile;

/// <summary>
/// The most frequent values of a stream in fixed memory: Metwally, Agrawal, El Abbadi, "Efficient computation of frequent and top-k
/// elements in data streams" (Space-Saving), 2005. A value that finds no counter takes over the smallest one and inherits its count as a
/// possible error, so count - error occurrences are certain.
/// </summary>
internal sealed class FrequentValues(int capacity)
{
    private readonly Dictionary<ulong, int> _index = new(capacity);
    private readonly Counter[] _counters = new Counter[capacity];
    private int _used;
    private long _smallest;
    private int _hand;

    public void Add(ulong hash, ReadOnlySpan<byte> kept, bool cut, long count)
    {
        if (_index.TryGetValue(hash, out var i))
        {
            _counters[i].Count += count;
            return;
        }
        long error = 0;
        if (_used < capacity)
        {
            i = _used++;
            _counters[i].Kept = new byte[CsvText.KeptBytes];
        }
        else
        {
            i = FindSmallest();
            error = _counters[i].Count;
            _index.Remove(_counters[i].Hash);
        }
        _index.Add(hash, i);
        ref var counter = ref _counters[i];
        counter.Hash = hash;
        counter.Count = error + count;
        counter.Error = error;
        counter.Length = kept.Length;
        counter.Cut = cut;
        kept.CopyTo(counter.Kept);
    }

    /// <summary>Values with the number of times that each has certainly occurred.</summary>
    public IEnumerable<(ReadOnlyMemory<byte> Kept, bool Cut, long Count)> Certain() =>
        _counters.Take(_used).Select(counter => ((ReadOnlyMemory<byte>)counter.Kept.AsMemory(0, counter.Length), counter.Cut, counter.Count - counter.Error));

    // Counters only grow: a hand that goes round and stops at the smallest known count passes each counter about once per increase of it.
    private int FindSmallest()
    {
        while (true)
        {
            for (var step = 0; step < capacity; step++)
            {
                _hand = _hand + 1 == capacity ? 0 : _hand + 1;
                if (_counters[_hand].Count == _smallest)
                    return _hand;
            }
            _smallest = long.MaxValue;
            foreach (var counter in _counters)
                _smallest = Math.Min(_smallest, counter.Count);
        }
    }

    private struct Counter
    {
        public ulong Hash;
        public long Count;
        public long Error;
        public byte[] Kept;
        public int Length;
        public bool Cut;
    }
}
