using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AspireFeedback.LocalAspire.Dashboard.Otlp;

/// <summary>The text of an OTLP value: numbers as .NET writes them, lists and maps as JSON.</summary>
internal static class AnyValue
{
    private const int MaxDepth = 16;

    /// <summary>The text as UTF-8: for a string the very bytes of the message, otherwise a new array.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> value)
    {
        var reader = new ProtoReader(value);
        ReadOnlySpan<byte> text = default;
        while (reader.Next())
        {
            // A oneof: the last one counts.
            text = reader.Field switch
            {
                1 => reader.Bytes(),
                2 => reader.Varint() != 0 ? "true"u8 : "false"u8,
                3 => Number((long)reader.Varint()),
                4 => Encoding.UTF8.GetBytes(reader.Double().ToString(CultureInfo.InvariantCulture)),
                5 or 6 => Json(value),
                7 => Encoding.UTF8.GetBytes(Convert.ToBase64String(reader.Bytes())),
                _ => text,
            };
        }

        return text;
    }

    private static byte[] Number(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out var length);
        return digits[..length].ToArray();
    }

    private static byte[] Json(ReadOnlySpan<byte> value)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            Write(json, value, 0);
        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> value, int depth)
    {
        if (depth > MaxDepth)
            throw new InvalidDataException($"A value is nested deeper than {MaxDepth}.");

        var reader = new ProtoReader(value);
        if (!reader.Next())
        {
            json.WriteNullValue();
            return;
        }

        switch (reader.Field)
        {
            case 2: json.WriteBooleanValue(reader.Varint() != 0); break;
            case 3: json.WriteNumberValue((long)reader.Varint()); break;
            case 4 when reader.Double() is var number: WriteDouble(json, number); break;
            case 5: WriteList(json, reader.Bytes(), depth); break;
            case 6: WriteMap(json, reader.Bytes(), depth); break;
            case 7: json.WriteBase64StringValue(reader.Bytes()); break;
            // Through a string, since bytes that are no UTF-8 would be refused.
            default: json.WriteStringValue(reader.Text()); break;
        }
    }

    private static void WriteDouble(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteList(Utf8JsonWriter json, ReadOnlySpan<byte> list, int depth)
    {
        json.WriteStartArray();
        for (var items = new ProtoReader(list); items.Next();)
        {
            if (items.Field == 1)
                Write(json, items.Bytes(), depth + 1);
        }

        json.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter json, ReadOnlySpan<byte> map, int depth)
    {
        json.WriteStartObject();
        for (var entries = new ProtoReader(map); entries.Next();)
        {
            if (entries.Field != 1)
                continue;
            var key = "";
            ReadOnlySpan<byte> value = default;
            for (var entry = new ProtoReader(entries.Bytes()); entry.Next();)
            {
                if (entry.Field == 1)
                    key = entry.Text();
                else if (entry.Field == 2)
                    value = entry.Bytes();
            }

            json.WritePropertyName(key);
            Write(json, value, depth + 1);
        }

        json.WriteEndObject();
    }
}
