using System.Text;
using System.Text.Unicode;

namespace AspireFeedback.Backend.CsvProfile;

/// <summary>Values between the bytes of the file and what people read.</summary>
internal static class CsvText
{
    /// <summary>A longer value is told from others as a whole, but only this much of it is kept to be shown.</summary>
    public const int KeptBytes = 96;

    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);

    /// <summary>Reads bytes that are no UTF-8 as Windows-1252: what else a CSV without a byte order mark is, nearly always.</summary>
    public static ReadOnlySpan<byte> Repair(ReadOnlySpan<byte> value) =>
        Utf8.IsValid(value) ? value : Encoding.UTF8.GetBytes(Windows1252.GetString(value));

    /// <summary>At most <see cref="KeptBytes"/> bytes, without half a character at the end.</summary>
    public static ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> value)
    {
        if (value.Length <= KeptBytes)
            return value;
        var end = KeptBytes;
        while (end > 0 && (value[end] & 0xC0) == 0x80)
            end--;
        return value[..end];
    }

    public static string Show(ReadOnlySpan<byte> kept, bool cut)
    {
        // JSON texts that are stored must not contain U+0000.
        var text = Encoding.UTF8.GetString(kept).Replace('\0', '\uFFFD');
        return cut ? text + '…' : text;
    }

    public static string Show(ReadOnlySpan<byte> value) => Show(Keep(value), value.Length > KeptBytes);
}
