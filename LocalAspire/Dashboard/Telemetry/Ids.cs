using System.Globalization;

namespace AspireFeedback.LocalAspire.Dashboard.Telemetry;

/// <summary>Ids of traces and spans as W3C writes them; 0 is none.</summary>
internal static class Ids
{
    public static UInt128 ParseTrace(string? text) =>
        text is { Length: 32 } && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) ? id : 0;

    public static ulong ParseSpan(string? text) =>
        text is { Length: 16 } && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) ? id : 0;

    public static string? Trace(UInt128 id) => id == 0 ? null : id.ToString("x32", CultureInfo.InvariantCulture);

    public static string? Span(ulong id) => id == 0 ? null : id.ToString("x16", CultureInfo.InvariantCulture);
}
