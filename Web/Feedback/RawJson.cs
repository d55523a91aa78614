using System.Text.Json;
using System.Text.Json.Serialization;

namespace AspireFeedback.Web.Feedback;

/// <summary>JSON that was written before, on its way into a message: copied, not serialised again for every connection.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class RawJson(ReadOnlyMemory<byte> utf8)
{
    private sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Only ever written.");

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }

    private ReadOnlyMemory<byte> Utf8 { get; } = utf8;
}
