using System.Runtime.InteropServices;

namespace AspireFeedback.Backend.CsvProfile;

/// <summary>
/// Exact counts of points in time by hour, and when these become too many by day, month, year: each lies whole within one of the next.
/// Two thousand hours span more days than a chart has bins, and so on, so what is merged would not have been shown apart.
/// </summary>
internal sealed class CalendarHistogram
{
    private const int Capacity = 2000;

    private static readonly (Unit Unit, int Step)[] Widths =
    [
        (Unit.Hour, 1), (Unit.Hour, 3), (Unit.Hour, 6), (Unit.Hour, 12), (Unit.Day, 1), (Unit.Day, 7), (Unit.Month, 1), (Unit.Month, 3),
        (Unit.Year, 1), (Unit.Year, 2), (Unit.Year, 5), (Unit.Year, 10), (Unit.Year, 20), (Unit.Year, 50), (Unit.Year, 100), (Unit.Year, 1000),
    ];

    private Dictionary<long, long> _counts = [];
    private Unit _unit;

    public CalendarHistogram Copy() => new() { _counts = new(_counts), _unit = _unit };

    public void Add(long ticks, long count)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, Index(ticks, _unit), out _) += count;
        while (_counts.Count > Capacity && _unit != Unit.Year)
        {
            var next = _unit + 1;
            _counts = _counts.GroupBy(entry => Index(Start(entry.Key, _unit), next), entry => entry.Value).ToDictionary(year => year.Key, year => year.Sum());
            _unit = next;
        }
    }

    /// <summary>At most <paramref name="most"/> bins of hours, days, weeks from Monday, months, quarters or years, from and to in ticks.</summary>
    public IReadOnlyList<(long From, long To, long Count)> Bins(int most, bool byHour)
    {
        var starts = _counts.Keys.Select(key => Start(key, _unit)).ToList();
        var (min, max) = (starts.Min(), starts.Max());
        var (unit, step) = Widths.First(width =>
            width.Unit >= _unit && (byHour || width.Unit > Unit.Hour) && Index(max, width.Unit) / width.Step - Index(min, width.Unit) / width.Step < most);

        var first = Index(min, unit) / step;
        var counts = new long[Index(max, unit) / step - first + 1];
        foreach (var (key, count) in _counts)
            counts[Index(Start(key, _unit), unit) / step - first] += count;
        return [.. counts.Select((count, i) => (Start((first + i) * step, unit), Start((first + i + 1) * step, unit), count))];
    }

    private static long Index(long ticks, Unit unit) => unit switch
    {
        Unit.Hour => ticks / TimeSpan.TicksPerHour,
        Unit.Day => ticks / TimeSpan.TicksPerDay, // day 0, the first of January of the year 1, is a Monday
        Unit.Month => new DateTime(ticks).Year * 12 + new DateTime(ticks).Month - 1,
        _ => new DateTime(ticks).Year,
    };

    private static long Start(long index, Unit unit) => unit switch
    {
        Unit.Hour => index * TimeSpan.TicksPerHour,
        Unit.Day => index * TimeSpan.TicksPerDay,
        Unit.Month => FirstOf(index / 12, (int)(index % 12) + 1),
        _ => FirstOf(index, 1),
    };

    // Steps of years reach below the year 1 and above 9999.
    private static long FirstOf(long year, int month) => year switch
    {
        < 1 => 0,
        > 9999 => DateTime.MaxValue.Ticks,
        _ => new DateTime((int)year, month, 1).Ticks,
    };

    private enum Unit
    {
        Hour,
        Day,
        Month,
        Year,
    }
}
