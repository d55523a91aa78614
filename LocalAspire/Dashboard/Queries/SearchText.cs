using AspireFeedback.LocalAspire.Console;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using AspireFeedback.LocalAspire.Processes;

namespace AspireFeedback.LocalAspire.Dashboard.Queries;

/// <summary>What somebody typed into the search box: words that must all occur, a "quoted phrase" as it stands.</summary>
internal sealed class SearchText
{
    private const int MaxLength = 1_000;

    private readonly Needle[] _needles;

    private SearchText(IEnumerable<string> words) => _needles = [.. words.Select(word => new Needle(word))];

    public bool IsEmpty => _needles.Length == 0;

    public static SearchText Parse(string? text)
    {
        var words = new List<string>();
        text = text is { Length: > MaxLength } ? text[..MaxLength] : text ?? "";
        // The odd parts stand between quotation marks.
        foreach (var (i, part) in text.Split('"').Index())
            words.AddRange(i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return new(words.Where(word => word.Trim().Length > 0));
    }

    public bool IsIn(SpanRow span)
    {
        foreach (var needle in _needles)
        {
            if (!IsIn(needle, span))
                return false;
        }

        return true;
    }

    public bool IsIn(LogRow log)
    {
        foreach (var needle in _needles)
        {
            if (!needle.IsIn(log.Text.Bytes) && !needle.IsIn(log.Source) && !needle.IsInName(log.Category)
                && !Is(needle.TraceId, log.TraceId) && !Is(needle.SpanId, log.SpanId))
                return false;
        }

        return true;
    }

    /// <summary>As it is read: colours stand between the words of a phrase.</summary>
    public bool IsIn(ConsoleLine line) => IsIn(AnsiCodes.Strip(line.Text));

    public bool IsIn(string text) => _needles.All(needle => needle.IsIn(text));

    /// <summary>The piece of the span in which the first word stands, for a person to see why it was found.</summary>
    public string Where(SpanRow span)
    {
        var pieces = span.Text.Split();
        if (_needles.Length == 0 || _needles[0].IsIn(pieces[0]))
            return "name";
        for (var i = SpanRow.AttributesFrom; i + 1 < pieces.Length; i += 2)
        {
            if (_needles[0].IsIn(pieces[i]) || _needles[0].IsIn(pieces[i + 1]))
                return pieces[i];
        }

        return _needles[0].IsIn(pieces[1]) ? "status"
            : span.Events.Any(e => _needles[0].IsIn(e.Text.Bytes)) ? "event"
            : _needles[0].IsIn(span.Source) ? "resource" : "id";
    }

    private static bool IsIn(Needle needle, SpanRow span)
    {
        if (needle.IsIn(span.Text.Bytes) || needle.IsIn(span.Source) || Is(needle.TraceId, span.TraceId) || Is(needle.SpanId, span.SpanId))
            return true;
        foreach (var item in span.Events)
        {
            if (needle.IsIn(item.Text.Bytes))
                return true;
        }

        foreach (var link in span.Links)
        {
            if (needle.IsIn(link.Text.Bytes) || Is(needle.TraceId, link.TraceId))
                return true;
        }

        return needle.IsInName(span.Scope);
    }

    private static bool Is(UInt128 wanted, UInt128 id) => wanted != 0 && wanted == id;

    private static bool Is(ulong wanted, ulong id) => wanted != 0 && wanted == id;
}
