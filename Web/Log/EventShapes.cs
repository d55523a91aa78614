using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Log;

/// <summary>
/// An event's name, its record, and what it looked like before. The first shape is stored under the name, the one that <c>n</c> changes have made
/// of it under <c>name/n+1</c>; the name alone is what clients and queries see.
/// </summary>
/// <param name="former">One for each change, oldest first: the record of today from the JSON of that shape.</param>
internal sealed class EventShape(string name, Type type, params Func<JsonElement, RequestEvent>[] former)
{
    public string Name { get; } = name;

    public Type Type { get; } = type;

    public string StoredName { get; } = StoredAs(name, former.Length + 1);

    /// <summary>How each name in the log is read.</summary>
    public IEnumerable<KeyValuePair<string, Func<string, RequestEvent>>> Readers => former
        .Select((upcast, n) => KeyValuePair.Create(StoredAs(Name, n + 1), (string data) => upcast(JsonSerializer.Deserialize<JsonElement>(data, FeedbackJson.Options))))
        .Append(new(StoredName, data => JsonSerializer.Deserialize(data, Type, FeedbackJson.Options) as RequestEvent ?? throw new JsonException("null is no event.")));

    private static string StoredAs(string name, int shape) => shape == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}/{shape}");
}

/// <summary>Reads what is stored, in whatever shape it was written.</summary>
internal sealed class EventShapes
{
    private readonly FrozenDictionary<Type, EventShape> _byType;
    private readonly FrozenDictionary<string, Func<string, RequestEvent>> _readers;

    public EventShapes(params IReadOnlyCollection<EventShape> shapes)
    {
        _byType = shapes.ToFrozenDictionary(shape => shape.Type);
        _readers = shapes.SelectMany(shape => shape.Readers).ToFrozenDictionary();
    }

    public IEnumerable<Type> Types => _byType.Keys;

    public IEnumerable<string> Names => _byType.Values.Select(shape => shape.Name);

    public EventShape Of(Type type) => _byType[type];

    /// <exception cref="StoredEventException">This version does not know the name, or the data is not of its shape.</exception>
    public RequestEvent Read(string storedName, string data, Guid requestId, int version)
    {
        if (!_readers.TryGetValue(storedName, out var read))
            throw new StoredEventException(requestId, version, storedName, "which this version does not know");
        try
        {
            return read(data);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new StoredEventException(requestId, version, storedName, "whose data is not of that shape", e);
        }
    }
}

/// <summary>An event in the log that cannot be read. Nothing is lost by it: a version that knows it reads it.</summary>
internal sealed class StoredEventException(Guid requestId, int version, string storedName, string why, Exception? inner = null)
    : Exception($"Event {version} of request {requestId} is '{storedName}', {why}.", inner)
{
    public Guid RequestId { get; } = requestId;

    public int Version { get; } = version;

    public string StoredName { get; } = storedName;
}
