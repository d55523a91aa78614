using System.Text.Json;
using System.Text.Unicode;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Log;

/// <summary>
/// What may stand in a payload, answer, result or error: depth of 64 at most, no U+0000, no lone surrogates, no repeated keys. Everything
/// else that JSON allows is stored and given back as it was written.
/// </summary>
internal static class JsonGuard
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = FeedbackJson.MaxDepth + 8 };

    public static bool IsSound(ReadOnlySpan<byte> utf8, out string? reason)
    {
        reason = Find(utf8);
        return reason is null;
    }

    private static string? Find(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
            return "It is not valid UTF-8.";
        try
        {
            var reader = new Utf8JsonReader(utf8, Options);
            var keys = new Stack<HashSet<string>>();
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        keys.Push([]);
                        break;
                    case JsonTokenType.EndObject:
                        keys.Pop();
                        break;
                    case JsonTokenType.PropertyName when HasNull(ref reader):
                    case JsonTokenType.String when HasNull(ref reader):
                        return "A string contains the character U+0000.";
                    case JsonTokenType.PropertyName when !keys.Peek().Add(reader.GetString()!):
                        return $"The member '{reader.GetString()}' stands twice in one object.";
                }
            }

            return null;
        }
        catch (JsonException e)
        {
            return e.Message;
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for an escaped surrogate without its other half.
            return "A string contains half of a surrogate pair.";
        }
    }

    private static bool HasNull(ref Utf8JsonReader reader) => reader.ValueIsEscaped
        ? reader.GetString()!.Contains('\0', StringComparison.Ordinal)
        : reader.ValueSpan.Contains((byte)0);
}
