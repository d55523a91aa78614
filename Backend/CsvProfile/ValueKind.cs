using System.Buffers.Text;
using System.Text;

namespace AspireFeedback.Backend.CsvProfile;

internal enum ValueKind
{
    Text,
    Integer,
    Number,
    Boolean,
    Date,
}

/// <summary>What one value could be, and what it is worth as that.</summary>
/// <param name="Kind">The narrowest kind.</param>
/// <param name="Integer">For <see cref="ValueKind.Integer"/>.</param>
/// <param name="Number">For <see cref="ValueKind.Integer"/> and <see cref="ValueKind.Number"/>.</param>
/// <param name="Boolean">For <see cref="ValueKind.Boolean"/>.</param>
/// <param name="Date">For <see cref="ValueKind.Date"/>.</param>
internal readonly record struct Value(ValueKind Kind, long Integer = 0, double Number = 0, bool Boolean = false, DateValue Date = default)
{
    private static readonly double[] PowersOfTen = [.. Enumerable.Range(0, 19).Select(power => Math.Pow(10, power))];

    public static Value Parse(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > 64)
            return default;
        if (text[0] is >= (byte)'0' and <= (byte)'9' or (byte)'-' or (byte)'+' or (byte)'.')
        {
            if (TryNumber(text, out var number))
                return number;
            return DateValue.TryParse(text, out var date) ? new(ValueKind.Date, Date: date) : default;
        }
        if (Ascii.EqualsIgnoreCase(text, "true"u8) || Ascii.EqualsIgnoreCase(text, "yes"u8))
            return new(ValueKind.Boolean, Boolean: true);
        if (Ascii.EqualsIgnoreCase(text, "false"u8) || Ascii.EqualsIgnoreCase(text, "no"u8))
            return new(ValueKind.Boolean);
        return default;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out Value value)
    {
        value = default;
        var digits = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        long mantissa = 0;
        int whole = 0, fraction = -1, i = 0;
        for (; i < digits.Length; i++)
        {
            var digit = digits[i] - '0';
            if (digits[i] == '.' && fraction < 0)
                fraction = 0;
            else if (digit is < 0 or > 9)
                break;
            else
            {
                if (i < 19)
                    mantissa = mantissa * 10 + digit;
                _ = fraction < 0 ? whole++ : fraction++;
            }
        }
        var count = whole + Math.Max(fraction, 0);
        // Leading zeros are kept by whoever writes codes (post codes, account numbers), never by who writes quantities.
        if (count == 0 || whole > 1 && digits[0] == '0')
            return false;

        var negative = text[0] == '-';
        if (i == digits.Length && count <= 18)
        {
            if (fraction < 0)
            {
                var integer = negative ? -mantissa : mantissa;
                value = new(ValueKind.Integer, integer, integer);
                return true;
            }
            // Both are exact as doubles, so one division rounds once, like the slow way.
            if (mantissa < 1L << 53)
            {
                var exact = mantissa / PowersOfTen[fraction];
                value = new(ValueKind.Number, Number: negative ? -exact : exact);
                return true;
            }
        }
        if (i == digits.Length && fraction < 0 && Utf8Parser.TryParse(text, out long large, out var used) && used == text.Length)
        {
            value = new(ValueKind.Integer, large, large);
            return true;
        }
        if (Utf8Parser.TryParse(text, out double slow, out used) && used == text.Length && double.IsFinite(slow))
        {
            value = new(ValueKind.Number, Number: slow);
            return true;
        }
        return false;
    }
}
