using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Api;

internal sealed record LogDocument(
    long Id, DateTime At, string Resource, string Instance, LogSeverity Level, string Category, string Message, string? Exception,
    string? TraceId, string? SpanId, string? RequestId)
{
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    public IReadOnlyDictionary<string, string>? ResourceAttributes { get; init; }

    public string? Scope { get; init; }

    public string? Template { get; init; }

    /// <summary>As in a list: of an exception only the first line.</summary>
    public static LogDocument Of(LogRow row)
    {
        var pieces = row.Text.Split();
        return new(
            row.Id, UnixTime.ToTime(row.AtNs), row.Source.Resource, row.Source.Instance, row.Severity, row.Category, pieces[0], FirstLine(pieces),
            Ids.Trace(row.TraceId), Ids.Span(row.SpanId), row.RequestId);
    }

    public static LogDocument Whole(LogRow row)
    {
        var (pieces, document) = (row.Text.Split(), Of(row));
        return document with
        {
            Exception = Absent(pieces[LogRow.StackTrace]) ?? document.Exception,
            Attributes = Pieces.Attributes(pieces, LogRow.AttributesFrom),
            ResourceAttributes = row.Source.Attributes,
            Scope = row.Category,
            Template = Absent(pieces[LogRow.Template]),
        };
    }

    private static string? Absent(string text) => text.Length == 0 ? null : text;

    private static string? FirstLine(string[] pieces) => (pieces[LogRow.ExceptionType], pieces[LogRow.ExceptionMessage]) switch
    {
        ("", "") => Absent(pieces[LogRow.StackTrace])?.Split('\n', 2)[0].TrimEnd(),
        (var type, var message) => $"{type}: {message.Split('\n', 2)[0].TrimEnd()}",
    };
}

internal sealed record SourceDocument(string Name, int Spans, int Errors);

internal sealed record TraceDocument(
    string TraceId, string Name, string Resource, DateTime StartedAt, double DurationMs, int Spans, int Errors, int Logs,
    IReadOnlyList<SourceDocument> Resources, string? RequestId, bool? Incomplete)
{
    /// <param name="logs">How many log lines each trace has.</param>
    public static TraceDocument Of(TraceEntry trace, IReadOnlyDictionary<UInt128, int> logs)
    {
        var root = trace.Root;
        var spans = trace.Spans.ToArray();
        return new(
            Ids.Trace(trace.Id)!, root.Name, root.Source.Resource, UnixTime.ToTime(trace.StartNs), (trace.EndNs - trace.StartNs) / 1e6,
            spans.Length, trace.Errors, logs.GetValueOrDefault(trace.Id),
            [.. spans.GroupBy(s => s.Source.Resource).Select(g => new SourceDocument(g.Key, g.Count(), g.Count(s => s.Status == SpanStatus.Error)))],
            trace.RequestId,
            // Its first span is still under way, or went to somebody else.
            root.ParentSpanId != 0 ? true : null);
    }
}

internal sealed record JoinDocument(string TraceId, string SpanId);

internal sealed record EventDocument(string Name, long AtUs, IReadOnlyDictionary<string, string> Attributes)
{
    public static EventDocument Of(SpanEvent item, long originNs)
    {
        var pieces = item.Text.Split();
        return new(pieces[0], (item.AtNs - originNs) / 1000, Pieces.Attributes(pieces, 1));
    }
}

internal sealed record LinkDocument(string? TraceId, string? SpanId, IReadOnlyDictionary<string, string> Attributes);

internal sealed record SpanDocument(
    string TraceId, string SpanId, string? ParentSpanId, JoinDocument? JoinedTo, string Name, SpanKind Kind, string Resource, string Instance, string Scope,
    long StartUs, long DurationUs, SpanStatus Status, string? StatusMessage, IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<EventDocument> Events, IReadOnlyList<LinkDocument> Links, string? RequestId)
{
    public static SpanDocument Of(SpanRow span, SpanRow? joinedTo, long originNs)
    {
        var pieces = span.Text.Split();
        return new(
            Ids.Trace(span.TraceId)!, Ids.Span(span.SpanId)!, Ids.Span(span.ParentSpanId),
            joinedTo is null ? null : new(Ids.Trace(joinedTo.TraceId)!, Ids.Span(joinedTo.SpanId)!),
            pieces[0], span.Kind, span.Source.Resource, span.Source.Instance, span.Scope,
            (span.StartNs - originNs) / 1000, (span.EndNs - span.StartNs) / 1000, span.Status, pieces[1] is { Length: > 0 } message ? message : null,
            Pieces.Attributes(pieces, SpanRow.AttributesFrom),
            [.. span.Events.Select(e => EventDocument.Of(e, originNs))],
            [.. span.Links.Select(l => new LinkDocument(Ids.Trace(l.TraceId), Ids.Span(l.SpanId), Pieces.Attributes(l.Text.Split(), 0)))],
            span.RequestId);
    }
}
