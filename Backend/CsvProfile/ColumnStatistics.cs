using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.CsvProfile;

/// <summary>
/// What is known of a column's values as every type that it can still be. A type is given up with the first value that does not fit;
/// text never is, so that a column which turns into text after a million integers has the statistics of one that always was.
/// </summary>
internal sealed class ColumnStatistics(bool withHistogram)
{
    private readonly long[] _counts = new long[Enum.GetValues<ValueKind>().Length];
    private readonly KeptValue _min = new();
    private readonly KeptValue _max = new();
    private readonly KeptValue _firstText = new();
    private NumberStatistics? _numbers;
    private DateStatistics? _dates;
    private bool _sawTrue;
    private bool _sawFalse;

    public void Add(ReadOnlySpan<byte> kept, bool cut, long count)
    {
        if (_min.IsEmpty || kept.SequenceCompareTo(_min.Bytes) < 0)
            _min.Set(kept, cut);
        if (_max.IsEmpty || kept.SequenceCompareTo(_max.Bytes) > 0)
            _max.Set(kept, cut);

        var value = cut ? default : Value.Parse(kept);
        _counts[(int)value.Kind] += count;
        if (value.Kind == ValueKind.Text && _firstText.IsEmpty)
            _firstText.Set(kept, cut);
        _sawTrue |= value is { Kind: ValueKind.Boolean, Boolean: true };
        _sawFalse |= value is { Kind: ValueKind.Boolean, Boolean: false };

        if (Numbers == Total)
            (_numbers ??= new(withHistogram)).Add(value, count);
        else
            _numbers = null;
        if (Of(ValueKind.Date) == Total)
            (_dates ??= new(withHistogram)).Add(value.Date, count);
        else
            _dates = null;
    }

    public CsvColumn Describe(CsvColumn column, IReadOnlyList<CsvTopValue>? top, int bins, CsvNotes notes)
    {
        if (Total == 0)
            return column;
        if (_numbers is not null)
        {
            var integers = Of(ValueKind.Number) == 0;
            return _numbers.Describe(column with { Type = integers ? "integer" : "number" }, integers, bins);
        }
        if (_dates is { IsConsistent: true })
        {
            if (_dates.IsAmbiguous)
                notes.Add($"Column '{column.Name}': dates such as {_min.Show()} are read with the month first; nothing in the column tells.");
            return _dates.Describe(column with { Type = "date" }, bins);
        }
        if (Of(ValueKind.Boolean) == Total)
        {
            return column with
            {
                Type = "boolean",
                Min = JsonSerializer.SerializeToElement(!_sawFalse),
                Max = JsonSerializer.SerializeToElement(_sawTrue),
                Top = top,
            };
        }

        // The commonest surprise in a profile: one "n/a" in a column of numbers.
        if (Numbers >= Total * 0.9 && Of(ValueKind.Text) > 0)
            notes.Add($"Column '{column.Name}' is text because of {Of(ValueKind.Text)} of its {Total} values, such as '{_firstText.Show()}'; most are numbers.");
        return column with
        {
            Type = "text",
            Min = JsonSerializer.SerializeToElement(_min.Show(), FeedbackJson.Options),
            Max = JsonSerializer.SerializeToElement(_max.Show(), FeedbackJson.Options),
            Top = top,
        };
    }

    private long Total => _counts[0] + _counts[1] + _counts[2] + _counts[3] + _counts[4];

    private long Numbers => Of(ValueKind.Integer) + Of(ValueKind.Number);

    private long Of(ValueKind kind) => _counts[(int)kind];

    private sealed class KeptValue
    {
        private readonly byte[] _bytes = new byte[CsvText.KeptBytes];
        private int _length;
        private bool _cut;

        public bool IsEmpty => _length == 0;

        public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

        public void Set(ReadOnlySpan<byte> kept, bool cut)
        {
            kept.CopyTo(_bytes);
            (_length, _cut) = (kept.Length, cut);
        }

        public string Show() => CsvText.Show(Bytes, _cut);
    }
}
