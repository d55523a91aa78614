using AspireFeedback.LocalAspire.Dashboard.Metrics;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Otlp;

internal sealed partial class OtlpDecoder
{
    /// <param name="request">An ExportMetricsServiceRequest.</param>
    public List<MetricReading> Metrics(ReadOnlySpan<byte> request)
    {
        var readings = new List<MetricReading>();
        Read(request, (source, scopeMetrics) =>
        {
            var meter = NameOfScope(scopeMetrics);
            for (var reader = new ProtoReader(scopeMetrics); reader.Next();)
            {
                if (reader.Field == 2)
                    Metric(readings, source, meter, reader.Bytes());
            }
        });
        return readings;
    }

    private static void Metric(List<MetricReading> readings, TelemetrySource source, string meter, ReadOnlySpan<byte> metric)
    {
        string name = "", description = "", unit = "";
        var field = 0;
        ReadOnlySpan<byte> data = default;
        for (var reader = new ProtoReader(metric); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1: name = reader.Text(); break;
                case 2: description = reader.Text(); break;
                case 3: unit = reader.Text(); break;
                case 5 or 7 or 9 or 10 or 11:
                    field = reader.Field;
                    data = reader.Bytes();
                    break;
            }
        }

        var (isDelta, isMonotonic) = (false, false);
        for (var reader = new ProtoReader(data); reader.Next();)
        {
            if (reader.Field == 2)
                isDelta = reader.Varint() == 1;
            else if (reader.Field == 3)
                isMonotonic = reader.Varint() != 0;
        }

        var type = field switch
        {
            5 => InstrumentType.Gauge,
            7 => isMonotonic ? InstrumentType.Counter : InstrumentType.UpDownCounter,
            _ => InstrumentType.Histogram,
        };
        for (var reader = new ProtoReader(data); reader.Next();)
        {
            if (reader.Field != 1)
                continue;
            var message = reader.Bytes();
            var (point, start) = field is 5 or 7 ? DataPoints.Number(message)
                : field == 10 ? DataPoints.Exponential(message)
                : DataPoints.Histogram(message, isSummary: field == 11);
            var labels = Labels(message, field switch { 9 => 9, 10 => 1, _ => 7 });
            // A point without a value says that there was none.
            if (!double.IsNaN(point.Value) && point.AtNs > 0)
                readings.Add(new(new(source.Resource, meter, name), source, description, unit, type, isDelta, labels, start, point));
        }
    }

    private static KeyValuePair<string, string>[] Labels(ReadOnlySpan<byte> point, int field)
    {
        List<KeyValuePair<string, string>>? labels = null;
        for (var reader = new ProtoReader(point); reader.Next();)
        {
            if (reader.Field != field || labels?.Count >= TelemetryLimits.Attributes)
                continue;
            var (key, value) = Attribute.Of(reader.Bytes());
            (labels ??= []).Add(new(Short(key), Short(value)));
        }

        labels?.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return labels is null ? [] : [.. labels];

        static string Short(ReadOnlySpan<byte> text) => System.Text.Encoding.UTF8.GetString(text.Length > 256 ? text[..256] : text);
    }
}
