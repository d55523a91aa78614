namespace AspireFeedback.Backend.CsvProfile;

/// <summary>
/// A date, perhaps with a time: year first (<c>2026-01-31</c>, with <c>-</c>, <c>/</c> or <c>.</c>), day first (<c>31.01.2026</c>), or the
/// two readings of <c>01/02/2026</c>. An offset from UTC is applied.
/// </summary>
/// <param name="MonthFirst">Ticks when the month is written before the day; negative when there is no such date.</param>
/// <param name="DayFirst">Ticks when the day is written before the month; negative when there is no such date.</param>
/// <param name="HasTime">Whether a time of day is written.</param>
/// <param name="HasOffset">Whether an offset from UTC is written.</param>
internal readonly record struct DateValue(long MonthFirst, long DayFirst, bool HasTime, bool HasOffset)
{
    private const long None = -1;

    public bool IsAmbiguous => MonthFirst != DayFirst;

    public static bool TryParse(ReadOnlySpan<byte> text, out DateValue date)
    {
        date = default;
        if (!TakeDigits(ref text, 1, 4, out var first, out var firstLength) || text.IsEmpty)
            return false;
        var separator = text[0];
        if (separator is not ((byte)'-' or (byte)'/' or (byte)'.')
            || !Take(ref text, separator) || !TakeDigits(ref text, 1, 2, out var second, out _)
            || !Take(ref text, separator) || !TakeDigits(ref text, 1, 4, out var third, out var thirdLength))
            return false;

        long monthFirst, dayFirst;
        if (firstLength == 4 && thirdLength <= 2)
        {
            monthFirst = dayFirst = DayTicks(first, second, third);
        }
        else if (firstLength <= 2 && thirdLength == 4)
        {
            dayFirst = DayTicks(third, second, first);
            monthFirst = separator == '.' ? dayFirst : DayTicks(third, first, second);
        }
        else
        {
            return false;
        }

        long time = 0;
        var hasTime = !text.IsEmpty;
        var hasOffset = false;
        if (hasTime && !TryTime(text, out time, out hasOffset))
            return false;
        date = new(Plus(monthFirst, time), Plus(dayFirst, time), hasTime, hasOffset);
        return date.MonthFirst >= 0 || date.DayFirst >= 0;
    }

    private static bool TryTime(ReadOnlySpan<byte> text, out long ticks, out bool hasOffset)
    {
        ticks = 0;
        hasOffset = false;
        if (!Take(ref text, (byte)'T') && !Take(ref text, (byte)' '))
            return false;
        if (!TakeDigits(ref text, 1, 2, out var hour, out _) || !Take(ref text, (byte)':') || !TakeDigits(ref text, 2, 2, out var minute, out _))
            return false;
        int second = 0, fraction = 0;
        if (Take(ref text, (byte)':'))
        {
            if (!TakeDigits(ref text, 2, 2, out second, out _))
                return false;
            if (Take(ref text, (byte)'.'))
            {
                if (!TakeDigits(ref text, 1, 9, out fraction, out var length))
                    return false;
                for (; length < 7; length++)
                    fraction *= 10;
                for (; length > 7; length--)
                    fraction /= 10;
            }
        }
        Take(ref text, (byte)' ');
        if (text is [(byte)'A' or (byte)'a' or (byte)'P' or (byte)'p', (byte)'M' or (byte)'m'])
        {
            if (hour is < 1 or > 12)
                return false;
            hour = hour % 12 + (text[0] is (byte)'P' or (byte)'p' ? 12 : 0);
            text = default;
        }
        if (hour > 23 || minute > 59 || second > 59)
            return false;
        ticks = new TimeSpan(hour, minute, second).Ticks + fraction;
        if (text.IsEmpty)
            return true;
        hasOffset = true;
        return text is [(byte)'Z' or (byte)'z'] || TryOffset(text, ref ticks);
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, ref long ticks)
    {
        var east = Take(ref text, (byte)'+');
        if (!east && !Take(ref text, (byte)'-') || !TakeDigits(ref text, 2, 2, out var hours, out _))
            return false;
        var minutes = 0;
        if (!text.IsEmpty)
        {
            Take(ref text, (byte)':');
            if (!TakeDigits(ref text, 2, 2, out minutes, out _))
                return false;
        }
        var offset = new TimeSpan(hours, minutes, 0).Ticks;
        ticks += east ? -offset : offset;
        return text.IsEmpty && hours <= 14 && minutes <= 59;
    }

    private static long DayTicks(int year, int month, int day) =>
        year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateTime(year, month, day).Ticks : None;

    private static long Plus(long day, long time) => day < 0 || day + time < 0 || day + time > DateTime.MaxValue.Ticks ? None : day + time;

    private static bool Take(ref ReadOnlySpan<byte> text, byte expected)
    {
        if (text.IsEmpty || text[0] != expected)
            return false;
        text = text[1..];
        return true;
    }

    private static bool TakeDigits(ref ReadOnlySpan<byte> text, int min, int max, out int number, out int length)
    {
        number = 0;
        for (length = 0; length < max && length < text.Length && text[length] is >= (byte)'0' and <= (byte)'9'; length++)
            number = number * 10 + (text[length] - '0');
        text = text[length..];
        return length >= min;
    }
}
