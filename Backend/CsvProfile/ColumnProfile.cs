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
        var kept = CsvText.Keep(value);
        var cut = kept.Length < value.Length;
        if (_table is not null)
        {
            if (_table.TryAdd(hash, kept, cut))
                return;
            _sketches = Pour(_table);
            _table = null;
        }
        _sketches!.Distinct.Add(hash);
        _sketches.Frequent.Add(hash, kept, cut);
        _sketches.Statistics.Add(kept, cut, 1);
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
        var sketches = new Sketches(new(limits.Precision), new(limits.FrequentValues, table), new(limits.Bins > 0));
        foreach (var entry in table.Entries())
        {
            sketches.Distinct.Add(entry.Hash);
            sketches.Statistics.Add(table.Kept(entry).Span, entry.Cut, entry.Count);
        }
        return sketches;
    }

    private sealed record Sketches(HyperLogLog Distinct, FrequentValues Frequent, ColumnStatistics Statistics);
}
