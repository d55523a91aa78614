using System.Buffers.Binary;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Otlp;

/// <summary>
/// From the messages of OTLP to rows, without objects in between. Field numbers are those of opentelemetry/proto/…/v1 in
/// https://github.com/open-telemetry/opentelemetry-proto. One decoder for one request at a time.
/// </summary>
internal sealed partial class OtlpDecoder(TelemetrySources sources, RequestIds requestIds)
{
    private readonly PieceWriter _pieces = new();

    private delegate void TakeScope(TelemetrySource source, ReadOnlySpan<byte> scopeItems);

    /// <summary>Resource and scope lie around the items of all three signals in the same way.</summary>
    private void Read(ReadOnlySpan<byte> request, TakeScope take)
    {
        for (var reader = new ProtoReader(request); reader.Next();)
        {
            if (reader.Field != 1)
                continue;

            var group = reader.Bytes();
            var source = SourceOf(Last(group, 1));
            for (var scopes = new ProtoReader(group); scopes.Next();)
            {
                if (scopes.Field == 2)
                    take(source, scopes.Bytes());
            }
        }
    }

    private static ReadOnlySpan<byte> Last(ReadOnlySpan<byte> message, int field)
    {
        ReadOnlySpan<byte> last = default;
        for (var reader = new ProtoReader(message); reader.Next();)
        {
            if (reader.Field == field)
                last = reader.Bytes();
        }

        return last;
    }

    private static string NameOfScope(ReadOnlySpan<byte> scopeItems)
    {
        var name = "";
        for (var reader = new ProtoReader(Last(scopeItems, 1)); reader.Next();)
        {
            if (reader.Field == 1)
                name = reader.Text();
        }

        return name;
    }

    private TelemetrySource SourceOf(ReadOnlySpan<byte> resource)
    {
        var copy = resource.ToArray();
        return sources.For(resource, () =>
        {
            WriteAttributes(copy, 1);
            var text = _pieces.Take();
            var attributes = Pieces.Attributes(text.Split(), 0);
            var name = attributes.GetValueOrDefault("service.name") is { Length: > 0 } named ? named : "unknown_service";
            return new(name, attributes.GetValueOrDefault("service.instance.id") is { Length: > 0 } instance ? instance : name, text);
        });
    }

    /// <summary>Adds names and values; the first id of a request among them is the answer.</summary>
    private string? WriteAttributes(ReadOnlySpan<byte> message, int field)
    {
        string? requestId = null;
        var count = 0;
        for (var reader = new ProtoReader(message); reader.Next() && count < TelemetryLimits.Attributes;)
        {
            if (reader.Field != field)
                continue;

            var (key, value) = Attribute.Of(reader.Bytes());
            _pieces.Add(key);
            _pieces.Add(value);
            requestId ??= requestIds.In(key, value);
            count++;
        }

        return requestId;
    }

    // All zeros stand for none; an id of the wrong length is none either.
    private static UInt128 TraceId(ReadOnlySpan<byte> bytes) => bytes.Length == 16 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : 0;

    private static ulong SpanId(ReadOnlySpan<byte> bytes) => bytes.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    private readonly ref struct Attribute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        private readonly ReadOnlySpan<byte> _key = key;
        private readonly ReadOnlySpan<byte> _value = value;

        public static Attribute Of(ReadOnlySpan<byte> message)
        {
            ReadOnlySpan<byte> key = default, value = default;
            for (var reader = new ProtoReader(message); reader.Next();)
            {
                if (reader.Field == 1)
                    key = reader.Bytes();
                else if (reader.Field == 2)
                    value = AnyValue.Text(reader.Bytes());
            }

            return new(key, value);
        }

        public void Deconstruct(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
        {
            key = _key;
            value = _value;
        }
    }
}
