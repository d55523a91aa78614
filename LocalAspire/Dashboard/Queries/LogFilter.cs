using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Queries;

internal sealed record LogFilter
{
    public string? Resource { get; init; }

    public string? Instance { get; init; }

    /// <summary>The lowest that is wanted.</summary>
    public LogSeverity Level { get; init; }

    public SearchText? Text { get; init; }

    public UInt128? TraceId { get; init; }

    public ulong? SpanId { get; init; }

    public string? RequestId { get; init; }

    public string? Category { get; init; }

    public long FromNs { get; init; }

    public long ToNs { get; init; } = long.MaxValue;

    public bool Takes(LogRow row) =>
        row.Severity >= Level
        && row.AtNs >= FromNs && row.AtNs <= ToNs
        && (TraceId is null || row.TraceId == TraceId)
        && (SpanId is null || row.SpanId == SpanId)
        && (RequestId is null || RequestId.Equals(row.RequestId, StringComparison.OrdinalIgnoreCase))
        && row.Source.Is(Resource, Instance)
        && (Category is null || row.Category.Contains(Category, StringComparison.OrdinalIgnoreCase))
        && (Text is null || Text.IsIn(row));

    /// <summary>The newest first, of those with an id before and after the given ones; and how many there are in all.</summary>
    public (List<LogRow> Page, int Matched, bool HasMore) Read(LogRow[] rows, long before, long after, int limit)
    {
        var (page, matched, inRange) = (new List<LogRow>(), 0, 0);
        for (var i = rows.Length - 1; i >= 0; i--)
        {
            var row = rows[i];
            if (!Takes(row))
                continue;
            matched++;
            if (row.Id >= before || row.Id <= after)
                continue;
            inRange++;
            if (page.Count < limit)
                page.Add(row);
        }

        return (page, matched, inRange > page.Count);
    }
}
