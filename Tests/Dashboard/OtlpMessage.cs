using Google.Protobuf;

namespace AspireFeedback.Tests.Dashboard;

/// <summary>A protobuf message put together field by field, with the library of the protocol's makers.</summary>
internal sealed class OtlpMessage
{
    private readonly MemoryStream _bytes = new();

    public byte[] Bytes => _bytes.ToArray();

    public OtlpMessage Add(int field, OtlpMessage message) => Add(field, message.Bytes);

    public OtlpMessage Add(int field, string text) => Write(output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    });

    public OtlpMessage Add(int field, byte[] bytes) => Write(output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    });

    public OtlpMessage Add(int field, long number) => Write(output =>
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(number);
    });

    public OtlpMessage AddFixed(int field, long number) => Write(output =>
    {
        output.WriteTag(field, WireFormat.WireType.Fixed64);
        output.WriteFixed64((ulong)number);
    });

    public OtlpMessage AddFixed(int field, double number) => AddFixed(field, BitConverter.DoubleToInt64Bits(number));

    public OtlpMessage AddAttributes(int field, params (string Key, OtlpMessage Value)[] attributes)
    {
        foreach (var (key, value) in attributes)
            Add(field, new OtlpMessage().Add(1, key).Add(2, value));
        return this;
    }

    public OtlpMessage AddAttributes(int field, params (string Key, string Value)[] attributes) =>
        AddAttributes(field, [.. attributes.Select(a => (a.Key, new OtlpMessage().Add(1, a.Value)))]);

    /// <summary>Resource and scope around what is in field 2 of the scope's message.</summary>
    public static byte[] Export(string service, string scope, params OtlpMessage[] items) => Export([("service.name", service)], scope, items);

    public static byte[] Export((string, string)[] resource, string scope, params OtlpMessage[] items)
    {
        var scoped = new OtlpMessage().Add(1, new OtlpMessage().Add(1, scope));
        foreach (var item in items)
            scoped.Add(2, item);
        return new OtlpMessage().Add(1, new OtlpMessage().Add(1, new OtlpMessage().AddAttributes(1, resource)).Add(2, scoped)).Bytes;
    }

    public static OtlpMessage Span(string traceId, string spanId, string name, long startMs = 0, long endMs = 10, string? parent = null)
    {
        var span = new OtlpMessage().Add(1, Convert.FromHexString(traceId)).Add(2, Convert.FromHexString(spanId)).Add(5, name)
            .AddFixed(7, Epoch + startMs * 1_000_000).AddFixed(8, Epoch + endMs * 1_000_000);
        return parent is null ? span : span.Add(4, Convert.FromHexString(parent));
    }

    public static OtlpMessage Link(string traceId, string spanId) => new OtlpMessage().Add(1, Convert.FromHexString(traceId)).Add(2, Convert.FromHexString(spanId));

    public static OtlpMessage Log(string message, int severity = 9, long atMs = 0) =>
        new OtlpMessage().AddFixed(1, Epoch + atMs * 1_000_000).Add(2, severity).Add(5, new OtlpMessage().Add(1, message));

    public static string NewTraceId() => Guid.NewGuid().ToString("N");

    public static string NewSpanId() => Guid.NewGuid().ToString("N")[..16];

    /// <summary>Of the times above, in nanoseconds: 2026-01-01.</summary>
    public const long Epoch = 1_767_225_600_000_000_000;

    private OtlpMessage Write(Action<CodedOutputStream> write)
    {
        using var output = new CodedOutputStream(_bytes, leaveOpen: true);
        write(output);
        return this;
    }
}
