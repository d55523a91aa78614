using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.CsvProfile;

/// <summary>
/// Starts with a table of the different values and their counts: most columns have few, and all their statistics follow from it at the
/// end. When the table is full it is poured into sketches of fixed size, which take every further value.
/// </summary>
internal sealed class ColumnProfile(string name, ProfileLimits limits)
{
    private FrequencyTable? _table = new(limits.ExactValues);
    private Sketches? _sketches;
    private long _count;
    private long _missing;

    public void AddMissing(long count = 1) => _missing += count;

    public void Add(ReadOnlySpan<byte> value)
    {
        _count++;
        var hash = ValueHash.Of(value);
        if (_table is not null)
        {
            if (_table.TryAdd(hash, value))
                return;
            _sketches = Pour(_table);
            _table = null;
        }
        var kept = CsvText.Keep(value);
        _sketches!.Add(hash, kept, kept.Length < value.Length, 1);
    }

    public CsvColumn Describe(CsvNotes notes)
    {
        var column = new CsvColumn(name, "text", _count, _missing, _table?.Count ?? _sketches!.Distinct.Estimate(), _table is null);
        if (_table is null)
            return _sketches!.Statistics.Describe(column, Top(_sketches.Frequent.Certain().Where(value => value.Count > 1)), limits.Bins, notes);

        var statistics = new ColumnStatistics(limits.Bins > 0);
        var entries = _table.Entries();
        foreach (var entry in entries)
            statistics.Add(_table.Kept(entry).Span, entry.Cut, entry.Count);
        return statistics.Describe(column, Top(entries.Select(entry => (_table.Kept(entry), entry.Cut, entry.Count))), limits.Bins, notes);
    }

    private List<CsvTopValue>? Top(IEnumerable<(ReadOnlyMemory<byte> Kept, bool Cut, long Count)> values)
    {
        List<CsvTopValue> top =
        [
            .. values.OrderByDescending(value => value.Count)
                .ThenBy(value => value.Kept, Comparer<ReadOnlyMemory<byte>>.Create((a, b) => a.Span.SequenceCompareTo(b.Span)))
                .Take(limits.Top)
                .Select(value => new CsvTopValue(CsvText.Show(value.Kept.Span, value.Cut), value.Count)),
        ];
        return top.Count > 0 ? top : null;
    }

    private Sketches Pour(FrequencyTable table)
    {
        var sketches = new Sketches(new(limits.Precision), new(limits.FrequentValues), new(limits.Bins > 0));
        // The most frequent first: they get counters of their own, without an error.
        foreach (var entry in table.Entries().OrderByDescending(entry => entry.Count))
            sketches.Add(entry.Hash, table.Kept(entry).Span, entry.Cut, entry.Count);
        return sketches;
    }

    private sealed record Sketches(HyperLogLog Distinct, FrequentValues Frequent, ColumnStatistics Statistics)
    {
        public void Add(ulong hash, ReadOnlySpan<byte> kept, bool cut, long count)
        {
            Distinct.Add(hash);
            Frequent.Add(hash, kept, cut, count);
            Statistics.Add(kept, cut, count);
        }
    }
}
