using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Feedback;

/// <summary>
/// What stands before a change on the backplane: one line of JSON, then the change's own bytes untouched, so that a receiver can route and
/// order it without reading it.
/// </summary>
/// <param name="Instance">Who published it; an instance ignores its own.</param>
internal sealed record ChangeHeader(
    string Instance, Guid Id, int From, int Version, bool Done, DateTimeOffset CreatedAt, DateTimeOffset At, string? TraceParent)
{
    public static byte[] Write(string instance, Change change)
    {
        var header = new ChangeHeader(instance, change.Id, change.From, change.Version, change.Done, change.CreatedAt, change.At, change.TraceParent);
        var line = JsonSerializer.SerializeToUtf8Bytes(header, FeedbackJson.Options);
        return [.. line, (byte)'\n', .. change.Json.Span];
    }

    /// <exception cref="JsonException">These bytes are not from an instance of this system.</exception>
    public static (ChangeHeader Header, ReadOnlyMemory<byte> Json) Read(ReadOnlyMemory<byte> message)
    {
        var end = message.Span.IndexOf((byte)'\n');
        return end > 0 && JsonSerializer.Deserialize<ChangeHeader>(message.Span[..end], FeedbackJson.Options) is { } header
            ? (header, message[(end + 1)..])
            : throw new JsonException("A message on the backplane has no header.");
    }
}
