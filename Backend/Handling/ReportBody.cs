using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Handling;

/// <summary>Reports as UTF-8 JSON that the log can keep.</summary>
internal static class ReportBody
{
    /// <summary>Above this a result belongs into a file.</summary>
    public const int MaxResultBytes = 4 * 1024 * 1024;

    public static ReadOnlyMemory<byte> Empty { get; } = "{}"u8.ToArray();

    private static readonly JsonSerializerOptions _resultOptions = new(FeedbackJson.Options) { MaxDepth = FeedbackJson.MaxDepth };

    public static ReadOnlyMemory<byte> Of(RunReport report)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(report, FeedbackJson.Options);
        ReplaceNul(body);
        return body;
    }

    /// <exception cref="ProblemException">The result is too large or too deep for the log.</exception>
    public static JsonElement Result<TResult>(TResult result)
    {
        byte[] json;
        try
        {
            json = JsonSerializer.SerializeToUtf8Bytes(result, _resultOptions);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException)
        {
            throw new ProblemException(Problem.Of("invalid-result", "The work gave a result that cannot be kept."), permanent: true, exception);
        }
        if (json.Length > MaxResultBytes)
            throw new ProblemException(Problem.Of("result-too-large", "The result is too large to be kept."), permanent: true);
        return JsonElement.Parse(json);
    }

    // The log refuses U+0000, and the text of a stranger's file may hold it. Both escapes have six bytes: replaced in place.
    private static void ReplaceNul(Span<byte> json)
    {
        if (json.IndexOf(@"\u0000"u8) < 0)
            return;
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] != (byte)'\\')
                continue;
            if (json[i..].StartsWith(@"\u0000"u8))
                @"\ufffd"u8.CopyTo(json[i..]);
            i++; // what is escaped is no escape itself
        }
    }
}
