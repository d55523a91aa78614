using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Queries;

/// <summary>
/// A trace together with those that span links tie to it, in either direction: a consumer of a message or a hub call begins a trace of its own and only
/// points at where it comes from.
/// </summary>
internal sealed class JoinedTrace
{
    private const int MaxTraces = 20;
    private const int MaxSpans = 5_000;

    private readonly Dictionary<(UInt128, ulong), SpanRow> _byId;

    private JoinedTrace(TraceEntry trace, List<TraceEntry> linked, Dictionary<(UInt128, ulong), SpanRow> byId) =>
        (Trace, Linked, Spans, _byId) = (trace, linked, [.. byId.Values.OrderBy(span => span.StartNs)], byId);

    public TraceEntry Trace { get; }

    public IReadOnlyList<TraceEntry> Linked { get; }

    /// <summary>By their start.</summary>
    public IReadOnlyList<SpanRow> Spans { get; }

    public static JoinedTrace Of(TraceStore store, TraceEntry trace)
    {
        var found = new List<TraceEntry> { trace };
        for (var i = 0; i < found.Count && found.Count < MaxTraces; i++)
        {
            foreach (var id in Neighbours(store, found[i]))
            {
                if (found.Count < MaxTraces && found.All(t => t.Id != id) && store.Find(id) is { Count: > 0 } neighbour)
                    found.Add(neighbour);
            }
        }

        var byId = new Dictionary<(UInt128, ulong), SpanRow>();
        foreach (var span in found.SelectMany(t => t.Spans.ToArray()))
        {
            // A sender that did not hear the answer sends its spans twice.
            if (byId.Count < MaxSpans)
                byId.TryAdd((span.TraceId, span.SpanId), span);
        }

        return new(trace, [.. found.Skip(1)], byId);
    }

    /// <summary>For a span without a parent: the earlier span of another trace that it links to. Earlier, so that no two are below each other.</summary>
    public SpanRow? JoinOf(SpanRow span)
    {
        if (span.ParentSpanId != 0)
            return null;
        foreach (var link in span.Links)
        {
            if (link.TraceId != span.TraceId && _byId.TryGetValue((link.TraceId, link.SpanId), out var target)
                && (target.StartNs, target.TraceId).CompareTo((span.StartNs, span.TraceId)) < 0)
                return target;
        }

        return null;
    }

    private static IEnumerable<UInt128> Neighbours(TraceStore store, TraceEntry trace)
    {
        foreach (var span in trace.Spans.ToArray())
        {
            foreach (var link in span.Links)
            {
                if (link.TraceId != trace.Id)
                    yield return link.TraceId;
            }
        }

        foreach (var id in store.LinkedFrom(trace.Id))
            yield return id;
    }
}
