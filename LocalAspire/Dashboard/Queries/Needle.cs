using System.Text;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Queries;

/// <summary>
/// One word of a search: found in any part of a text; letters of ASCII whatever their case, all others as they stand. An id of a trace or a span is
/// also found by its number.
/// </summary>
internal sealed class Needle
{
    private readonly byte[] _lower;
    private readonly byte _otherFirst;
    // One process sends many rows under few names: those texts are searched once.
    private readonly Dictionary<TelemetrySource, bool> _sources = [];
    private readonly Dictionary<string, bool> _names = [];

    public Needle(string text)
    {
        _lower = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < _lower.Length; i++)
            _lower[i] = Lower(_lower[i]);
        _otherFirst = _lower[0] is >= (byte)'a' and <= (byte)'z' ? (byte)(_lower[0] - 32) : _lower[0];
        TraceId = Ids.ParseTrace(text);
        SpanId = Ids.ParseSpan(text);
    }

    public UInt128 TraceId { get; }

    public ulong SpanId { get; }

    public bool IsIn(TelemetrySource source)
    {
        if (!_sources.TryGetValue(source, out var found))
            _sources[source] = found = IsIn(source.Text.Bytes);
        return found;
    }

    /// <summary>For a text that many rows have.</summary>
    public bool IsInName(string name)
    {
        if (!_names.TryGetValue(name, out var found))
            _names[name] = found = IsIn(name);
        return found;
    }

    public bool IsIn(string text) => IsIn(Encoding.UTF8.GetBytes(text));

    public bool IsIn(ReadOnlySpan<byte> text)
    {
        while (text.Length >= _lower.Length)
        {
            var start = text[..(text.Length - _lower.Length + 1)].IndexOfAny(_lower[0], _otherFirst);
            if (start < 0)
                return false;
            if (Begins(text[start..]))
                return true;
            text = text[(start + 1)..];
        }

        return false;
    }

    private bool Begins(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < _lower.Length; i++)
        {
            if (Lower(text[i]) != _lower[i])
                return false;
        }

        return true;
    }

    private static byte Lower(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter + 32) : letter;
}
