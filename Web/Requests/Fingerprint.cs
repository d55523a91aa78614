using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace AspireFeedback.Web.Requests;

/// <summary>
/// Whether two submits say the same: SHA-256 over kind, deadline and payload in a canonical form. Keys are sorted by their characters, strings
/// compared after unescaping, numbers by their text (1.0 is not 1).
/// </summary>
internal static class Fingerprint
{
    public static string Of(string kind, JsonElement payload, DateTimeOffset? deadline)
    {
        var canonical = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(canonical, new() { SkipValidation = true }))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(kind);
            if (deadline is { } time)
                writer.WriteNumberValue(time.UtcTicks);
            else
                writer.WriteNullValue();
            Write(writer, payload);
            writer.WriteEndArray();
        }

        return Convert.ToBase64String(SHA256.HashData(canonical.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(value.GetString());
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
