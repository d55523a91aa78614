using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Otlp;

internal sealed partial class OtlpDecoder
{
    /// <param name="request">An ExportTraceServiceRequest.</param>
    public List<SpanRow> Traces(ReadOnlySpan<byte> request)
    {
        var rows = new List<SpanRow>();
        Read(request, (source, scopeSpans) =>
        {
            var scope = NameOfScope(scopeSpans);
            for (var reader = new ProtoReader(scopeSpans); reader.Next();)
            {
                if (reader.Field == 2 && Span(source, scope, reader.Bytes()) is { } row)
                    rows.Add(row);
            }
        });
        return rows;
    }

    /// <summary>Null for a span without ids, which the specification tells to drop.</summary>
    private SpanRow? Span(TelemetrySource source, string scope, ReadOnlySpan<byte> span)
    {
        ReadOnlySpan<byte> name = default, statusMessage = default;
        UInt128 traceId = 0;
        ulong spanId = 0, parent = 0;
        long start = 0, end = 0;
        var (kind, status) = (SpanKind.Internal, SpanStatus.Unset);
        for (var reader = new ProtoReader(span); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1: traceId = TraceId(reader.Bytes()); break;
                case 2: spanId = SpanId(reader.Bytes()); break;
                case 4: parent = SpanId(reader.Bytes()); break;
                case 5: name = reader.Bytes(); break;
                case 6: kind = reader.Varint() is >= 1 and <= 5 and var sent ? (SpanKind)sent : SpanKind.Internal; break;
                case 7: start = reader.Nanoseconds(); break;
                case 8: end = reader.Nanoseconds(); break;
                case 15:
                    for (var inner = new ProtoReader(reader.Bytes()); inner.Next();)
                    {
                        if (inner.Field == 2)
                            statusMessage = inner.Bytes();
                        else if (inner.Field == 3)
                            status = inner.Varint() switch { 1 => SpanStatus.Ok, 2 => SpanStatus.Error, _ => SpanStatus.Unset };
                    }

                    break;
            }
        }

        if (traceId == 0 || spanId == 0)
            return null;

        _pieces.Add(name);
        _pieces.Add(statusMessage);
        var requestId = WriteAttributes(span, 9);
        var text = _pieces.Take();
        return new()
        {
            Source = source,
            Scope = scope,
            TraceId = traceId,
            SpanId = spanId,
            ParentSpanId = parent,
            Kind = kind,
            Status = status,
            StartNs = start,
            EndNs = Math.Max(start, end),
            Text = text,
            Events = Events(span),
            Links = Links(span),
            RequestId = requestId,
        };
    }

    private SpanEvent[] Events(ReadOnlySpan<byte> span)
    {
        List<SpanEvent>? events = null;
        for (var reader = new ProtoReader(span); reader.Next();)
        {
            if (reader.Field != 11 || events?.Count >= TelemetryLimits.EventsPerSpan)
                continue;

            var message = reader.Bytes();
            long at = 0;
            ReadOnlySpan<byte> name = default;
            for (var inner = new ProtoReader(message); inner.Next();)
            {
                if (inner.Field == 1)
                    at = inner.Nanoseconds();
                else if (inner.Field == 2)
                    name = inner.Bytes();
            }

            _pieces.Add(name);
            WriteAttributes(message, 3);
            (events ??= []).Add(new(at, _pieces.Take()));
        }

        return events is null ? [] : [.. events];
    }

    private SpanLink[] Links(ReadOnlySpan<byte> span)
    {
        List<SpanLink>? links = null;
        for (var reader = new ProtoReader(span); reader.Next();)
        {
            if (reader.Field != 13 || links?.Count >= TelemetryLimits.LinksPerSpan)
                continue;

            var message = reader.Bytes();
            var (traceId, spanId) = (TraceId(Last(message, 1)), SpanId(Last(message, 2)));
            WriteAttributes(message, 4);
            (links ??= []).Add(new(traceId, spanId, _pieces.Take()));
        }

        return links is null ? [] : [.. links];
    }
}
