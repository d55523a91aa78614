using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AspireFeedback.Contracts;

/// <summary>The one set of JSON rules for everything that crosses a process boundary: HTTP, broker, log.</summary>
public static class FeedbackJson
{
    /// <summary>Deepest nesting of a payload, answer, result or error.</summary>
    public const int MaxDepth = 64;

    /// <summary>For what we write, and for messages that newer versions may extend: unknown members are skipped.</summary>
    public static JsonSerializerOptions Options { get; } = Freeze(Configure(new()));

    /// <summary>For payloads at the door: an unknown, missing, null or repeated member is an error of the sender.</summary>
    public static JsonSerializerOptions Strict { get; } = Freeze(Configure(new()
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
    }));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = null;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.MaxDepth = MaxDepth + 8; // what wraps a payload of the deepest kind
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // never embedded in HTML
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowOutOfOrderMetadataProperties = true; // senders in other languages sort their keys
        options.Converters.Add(new JsonStringEnumConverter());
        options.Converters.Add(new UtcTimeConverter());
        return options;
    }

    private static JsonSerializerOptions Freeze(JsonSerializerOptions options)
    {
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>RFC 3339 in UTC with a trailing Z; whatever offset comes in is converted.</summary>
    private sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => reader.TryGetDateTimeOffset(out var value)
                ? value.ToUniversalTime()
                : throw new JsonException("A time must be written as RFC 3339, for example 2026-01-31T09:30:00Z.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
            => writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));
    }
}
