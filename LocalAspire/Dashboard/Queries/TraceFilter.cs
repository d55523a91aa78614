using System.Globalization;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Queries;

internal sealed record TraceFilter
{
    public string? Resource { get; init; }

    public SearchText? Text { get; init; }

    public bool OnlyErrors { get; init; }

    public string? RequestId { get; init; }

    public double MinMs { get; init; }

    public int MinSpans { get; init; }

    public long FromNs { get; init; }

    public long ToNs { get; init; } = long.MaxValue;

    public bool Takes(TraceEntry trace)
    {
        if (trace.StartNs < FromNs || trace.StartNs > ToNs || (OnlyErrors && trace.Errors == 0) || (trace.EndNs - trace.StartNs) / 1e6 < MinMs || trace.Count < MinSpans)
            return false;
        if (Resource is null && RequestId is null && Text is null)
            return true;

        var (resource, request, text) = (Resource is null, RequestId is null, Text is null);
        foreach (var span in trace.Spans)
        {
            resource = resource || span.Source.Is(Resource, null);
            request = request || RequestId!.Equals(span.RequestId, StringComparison.OrdinalIgnoreCase);
            text = text || Text!.IsIn(span);
            if (resource && request && text)
                return true;
        }

        return false;
    }

    /// <summary>
    /// The latest first, after the one that the cursor names. What is seen in another trace's picture is not listed beside it, unless it is looked for:
    /// the broker's own spans alone would be twenty traces for each that somebody knows of.
    /// </summary>
    public (List<TraceEntry> Page, int Matched, string? Next) Read(TraceStore store, string? cursor, int limit)
    {
        var matched = new List<TraceEntry>();
        foreach (var trace in store.Snapshot())
        {
            if (trace.Count > 0 && Takes(trace) && (Text is not null || trace.Errors > 0 || !Continues(trace, store)))
                matched.Add(trace);
        }

        // Keys that stay as they are while spans of the traces come in.
        var ordered = matched.Select(trace => (Key: (trace.StartNs, trace.Id), Trace: trace)).OrderByDescending(pair => pair.Key);
        var after = Parse(cursor) is { } from ? ordered.Where(pair => pair.Key.CompareTo(from) < 0) : ordered;
        var page = after.Take(limit + 1).ToList();
        var next = page.Count > limit ? string.Create(CultureInfo.InvariantCulture, $"{page[limit - 1].Key.StartNs}-{page[limit - 1].Key.Id:x32}") : null;
        return ([.. page.Take(limit).Select(pair => pair.Trace)], matched.Count, next);
    }

    /// <summary>The delivery of a message that belongs to an earlier trace that is still here: <see cref="JoinedTrace"/> draws it there.</summary>
    private static bool Continues(TraceEntry trace, TraceStore store)
    {
        var root = trace.Root;
        foreach (var link in root.Kind == SpanKind.Consumer ? root.Links : [])
        {
            if (link.TraceId != trace.Id && store.Find(link.TraceId) is { Count: > 0 } origin && origin.StartNs < trace.StartNs)
                return true;
        }

        return false;
    }

    private static (long, UInt128)? Parse(string? cursor) =>
        cursor?.Split('-') is [var start, var id] && long.TryParse(start, CultureInfo.InvariantCulture, out var startNs) ? (startNs, Ids.ParseTrace(id)) : null;
}
