using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Otlp;

internal sealed partial class OtlpDecoder
{
    /// <param name="request">An ExportLogsServiceRequest.</param>
    public List<LogRow> Logs(ReadOnlySpan<byte> request)
    {
        var rows = new List<LogRow>();
        Read(request, (source, scopeLogs) =>
        {
            var category = NameOfScope(scopeLogs);
            for (var reader = new ProtoReader(scopeLogs); reader.Next();)
            {
                if (reader.Field == 2)
                    rows.Add(Log(source, category, reader.Bytes()));
            }
        });
        return rows;
    }

    private LogRow Log(TelemetrySource source, string category, ReadOnlySpan<byte> log)
    {
        ReadOnlySpan<byte> body = default, severityText = default, template = default, type = default, message = default, stackTrace = default;
        UInt128 traceId = 0;
        ulong spanId = 0, severity = 0;
        long at = 0, observed = 0;
        string? requestId = null;
        for (var reader = new ProtoReader(log); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1: at = reader.Nanoseconds(); break;
                case 2: severity = reader.Varint(); break;
                case 3: severityText = reader.Bytes(); break;
                case 5: body = AnyValue.Text(reader.Bytes()); break;
                case 6:
                    var (key, value) = Attribute.Of(reader.Bytes());
                    if (key.SequenceEqual("{OriginalFormat}"u8))
                        template = value;
                    else if (key.SequenceEqual("exception.type"u8))
                        type = value;
                    else if (key.SequenceEqual("exception.message"u8))
                        message = value;
                    else if (key.SequenceEqual("exception.stacktrace"u8))
                        stackTrace = value;
                    else
                        requestId ??= requestIds.In(key, value);
                    break;
                case 9: traceId = TraceId(reader.Bytes()); break;
                case 10: spanId = SpanId(reader.Bytes()); break;
                case 11: observed = reader.Nanoseconds(); break;
            }
        }

        // In the order that LogRow names.
        _pieces.Add(body.IsEmpty ? template : body, TelemetryLimits.LongTextBytes);
        _pieces.Add(template);
        _pieces.Add(type);
        _pieces.Add(message);
        _pieces.Add(stackTrace, TelemetryLimits.LongTextBytes);
        WriteOtherAttributes(log);
        return new()
        {
            Source = source,
            Category = category,
            AtNs = at != 0 ? at : observed,
            Severity = SeverityOf(severity, severityText),
            TraceId = traceId,
            SpanId = spanId,
            RequestId = requestId,
            Text = _pieces.Take(),
        };
    }

    private void WriteOtherAttributes(ReadOnlySpan<byte> log)
    {
        var count = 0;
        for (var reader = new ProtoReader(log); reader.Next() && count < TelemetryLimits.Attributes;)
        {
            if (reader.Field != 6)
                continue;
            var (key, value) = Attribute.Of(reader.Bytes());
            if (key.StartsWith("exception."u8) || key.SequenceEqual("{OriginalFormat}"u8))
                continue;
            _pieces.Add(key);
            _pieces.Add(value);
            count++;
        }
    }

    // Four numbers to a level. Without a number some senders still tell a text.
    private static LogSeverity SeverityOf(ulong number, ReadOnlySpan<byte> text) => number switch
    {
        >= 1 and <= 4 => LogSeverity.Trace,
        >= 5 and <= 8 => LogSeverity.Debug,
        >= 9 and <= 12 => LogSeverity.Information,
        >= 13 and <= 16 => LogSeverity.Warning,
        >= 17 and <= 20 => LogSeverity.Error,
        >= 21 => LogSeverity.Critical,
        _ => text.Length == 0 ? LogSeverity.Information : (char)(text[0] | 0x20) switch
        {
            't' => LogSeverity.Trace,
            'd' => LogSeverity.Debug,
            'w' => LogSeverity.Warning,
            'e' => LogSeverity.Error,
            'c' or 'f' => LogSeverity.Critical,
            _ => LogSeverity.Information,
        },
    };
}
