using System.Text.Json;
using System.Text.Json.Serialization;

namespace AspireFeedback.Web.Log.Marten;

/// <summary>
/// What others wrote (payloads, answers, results) is kept as text within Marten's documents. As jsonb, 1e5 would come back as 100000, members in
/// another order, and a few bytes that name a huge number would take a hundred thousand.
/// </summary>
internal sealed class RawJsonConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.Parse(reader.GetString() ?? throw new JsonException("JSON is kept as text here."));

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => writer.WriteStringValue(value.GetRawText());
}
