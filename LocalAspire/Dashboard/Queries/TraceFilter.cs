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

    /// <summary>The latest first, after the one that the cursor names.</summary>
    public (List<TraceEntry> Page, int Matched, string? Next) Read(TraceEntry[] traces, string? cursor, int limit)
    {
        var matched = new List<TraceEntry>();
        foreach (var trace in traces)
        {
            if (trace.Count > 0 && Takes(trace))
                matched.Add(trace);
        }

        // Keys that stay as they are while spans of the traces come in.
        var ordered = matched.Select(trace => (Key: (trace.StartNs, trace.Id), Trace: trace)).OrderByDescending(pair => pair.Key);
        var after = Parse(cursor) is { } from ? ordered.Where(pair => pair.Key.CompareTo(from) < 0) : ordered;
        var page = after.Take(limit + 1).ToList();
        var next = page.Count > limit ? string.Create(CultureInfo.InvariantCulture, $"{page[limit - 1].Key.StartNs}-{page[limit - 1].Key.Id:x32}") : null;
        return ([.. page.Take(limit).Select(pair => pair.Trace)], matched.Count, next);
    }

    private static (long, UInt128)? Parse(string? cursor) =>
        cursor?.Split('-') is [var start, var id] && long.TryParse(start, CultureInfo.InvariantCulture, out var startNs) ? (startNs, Ids.ParseTrace(id)) : null;
}
