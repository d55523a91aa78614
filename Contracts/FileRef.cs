using System.Text.Json;
using System.Text.Json.Serialization;

namespace AspireFeedback.Contracts;

/// <summary>
/// A reference to an uploaded file, on the wire its id as a string. Web finds these in a payload, refuses foreign and unknown files
/// and gives the worker a capability for the rest.
/// </summary>
[JsonConverter(typeof(Converter))]
public readonly record struct FileRef(Guid Id)
{
    public override string ToString() => Id.ToString();

    private sealed class Converter : JsonConverter<FileRef>
    {
        public override FileRef Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => reader.TokenType == JsonTokenType.String && Guid.TryParseExact(reader.GetString(), "D", out var id)
                ? new(id)
                : throw new JsonException("A file is referred to by its id, a UUID.");

        public override void Write(Utf8JsonWriter writer, FileRef value, JsonSerializerOptions options) => writer.WriteStringValue(value.Id);
    }
}
