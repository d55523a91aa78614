using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Feedback;

/// <summary>One event as it goes over the wire.</summary>
/// <param name="Utf8">JSON of an <see cref="EventView"/>, on one line.</param>
internal readonly record struct EventBytes(int Version, string Type, ReadOnlyMemory<byte> Utf8)
{
    public static EventBytes Of(StoredEvent stored)
    {
        var view = EventView.Of(stored);
        return new(view.Version, view.Type, JsonSerializer.SerializeToUtf8Bytes(view, FeedbackJson.Options));
    }

    /// <summary>The events inside the JSON of a <see cref="Changed"/>, as slices of it: nothing is parsed into objects or written again.</summary>
    public static IReadOnlyList<EventBytes> In(ReadOnlyMemory<byte> changed)
    {
        if (changed.IsEmpty)
            return [];
        var reader = new Utf8JsonReader(changed.Span, new JsonReaderOptions { MaxDepth = FeedbackJson.MaxDepth + 16 });
        var found = new List<EventBytes>();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isEvents = reader.ValueTextEquals("events"u8);
            reader.Read();
            if (!isEvents)
            {
                reader.Skip();
                continue;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                found.Add(ReadOne(ref reader, changed));
            break;
        }
        return found;
    }

    private static EventBytes ReadOne(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        var version = 0;
        var type = "";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals("version"u8);
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isVersion)
                version = reader.GetInt32();
            else if (isType)
                type = reader.GetString() ?? "";
            else
                reader.Skip();
        }
        return new(version, type, json[start..(int)reader.BytesConsumed]);
    }
}
