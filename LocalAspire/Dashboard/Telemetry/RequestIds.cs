using System.Buffers.Text;
using System.Text;

namespace AspireFeedback.LocalAspire.Dashboard.Telemetry;

/// <summary>
/// Finds the id of the request that a span or a log line is about, in the attributes that carry one. Only a UUID counts: ASP.NET Core's scope
/// has a <c>RequestId</c> too, which names a connection.
/// </summary>
internal sealed class RequestIds(IEnumerable<string> attributes)
{
    public static readonly string[] Default = ["feedback.request.id", "messaging.message.conversation_id", "RequestId"];

    private readonly byte[][] _attributes = [.. attributes.Select(Encoding.UTF8.GetBytes)];

    public string? In(ReadOnlySpan<byte> attribute, ReadOnlySpan<byte> value)
    {
        if (value.Length != 36)
            return null;
        foreach (var name in _attributes)
        {
            if (attribute.SequenceEqual(name) && Utf8Parser.TryParse(value, out Guid id, out var read, 'D') && read == value.Length)
                return id.ToString();
        }

        return null;
    }
}
