using System.Globalization;
using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.CsvProfile;

/// <summary>Keeps both readings of a column with dates like 01/02/2026 until a value such as 31/01/2026 rules one out.</summary>
internal sealed class DateStatistics(bool withHistogram)
{
    private Reading? _monthFirst = new(withHistogram ? new() : null);
    private Reading? _dayFirst;
    private bool _twoReadings;
    private bool _hasTime;
    private bool _allHaveOffset = true;

    /// <summary>Whether all values are dates under one reading.</summary>
    public bool IsConsistent => (_monthFirst ?? _dayFirst) is not null;

    public bool IsAmbiguous => _monthFirst is not null && _dayFirst is not null;

    public void Add(in DateValue date, long count)
    {
        _hasTime |= date.HasTime;
        _allHaveOffset &= date.HasOffset;
        if (date.IsAmbiguous && !_twoReadings)
        {
            _twoReadings = true;
            _dayFirst = _monthFirst?.Copy();
        }
        _monthFirst = _monthFirst?.With(date.MonthFirst, count);
        _dayFirst = _dayFirst?.With(date.DayFirst, count);
    }

    public CsvColumn Describe(CsvColumn column, int bins)
    {
        var reading = (_monthFirst ?? _dayFirst)!;
        return column with
        {
            Min = Iso(reading.Min),
            Max = Iso(reading.Max),
            Histogram = reading.Histogram is null ? null :
                [.. reading.Histogram.Bins(bins, byHour: _hasTime).Select(bin => new CsvHistogramBin(Iso(bin.From), Iso(bin.To), bin.Count))],
        };
    }

    private JsonElement Iso(long ticks)
    {
        var format = !_hasTime ? "yyyy-MM-dd" : _allHaveOffset ? "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ" : "yyyy-MM-ddTHH:mm:ss.FFFFFFF";
        return JsonSerializer.SerializeToElement(new DateTime(ticks).ToString(format, CultureInfo.InvariantCulture), FeedbackJson.Options);
    }

    private sealed class Reading(CalendarHistogram? histogram)
    {
        public CalendarHistogram? Histogram => histogram;

        public long Min { get; private set; } = long.MaxValue;

        public long Max { get; private set; }

        public Reading Copy() => new(histogram?.Copy()) { Min = Min, Max = Max };

        public Reading? With(long ticks, long count)
        {
            if (ticks < 0)
                return null;
            Min = Math.Min(Min, ticks);
            Max = Math.Max(Max, ticks);
            histogram?.Add(ticks, count);
            return this;
        }
    }
}
