using System.Buffers;
using System.Text;

namespace AspireFeedback.LocalAspire.Dashboard.Telemetry;

/// <summary>
/// The texts of one row in one array of UTF-8: one allocation to keep, one run over it to search, and strings only for what somebody looks at.
/// </summary>
internal readonly struct Pieces(byte[] bytes)
{
    // A control character made for this; in a text it would mean nothing, and is replaced by a space.
    internal const byte Separator = 0x1F;

    public int Length => bytes.Length;

    public ReadOnlySpan<byte> Bytes => bytes;

    public string First => Encoding.UTF8.GetString(Slice(bytes, 0));

    public string[] Split()
    {
        var texts = new List<string>();
        foreach (var range in Bytes.Split(Separator))
            texts.Add(Encoding.UTF8.GetString(Bytes[range]));
        return [.. texts];
    }

    /// <summary>Name and value by turns, from the given piece on. Of a name that comes twice the first value counts.</summary>
    public static Dictionary<string, string> Attributes(string[] pieces, int from)
    {
        var attributes = new Dictionary<string, string>();
        for (var i = from; i + 1 < pieces.Length; i += 2)
            attributes.TryAdd(pieces[i], pieces[i + 1]);
        return attributes;
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, int from) =>
        bytes[from..].IndexOf(Separator) is >= 0 and var length ? bytes.Slice(from, length) : bytes[from..];
}

/// <summary>Puts pieces together; used again for the next row.</summary>
internal sealed class PieceWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private bool _begun;

    public void Add(ReadOnlySpan<byte> text, int limit = TelemetryLimits.TextBytes)
    {
        if (_begun)
            Append([Pieces.Separator]);
        _begun = true;
        var isCut = text.Length > limit;
        if (isCut)
            text = text[..Boundary(text, limit)];
        var target = _buffer.GetSpan(text.Length);
        text.CopyTo(target);
        target[..text.Length].Replace(Pieces.Separator, (byte)' ');
        _buffer.Advance(text.Length);
        if (isCut)
            Append("…"u8);
    }

    public Pieces Take()
    {
        var pieces = new Pieces(_buffer.WrittenSpan.ToArray());
        _buffer.ResetWrittenCount();
        _begun = false;
        return pieces;
    }

    private void Append(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    // Not in the middle of a character.
    private static int Boundary(ReadOnlySpan<byte> text, int limit)
    {
        while (limit > 0 && (text[limit] & 0xC0) == 0x80)
            limit--;
        return limit;
    }
}
