using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireFeedback.Web.Requests;

/// <summary>The syntax of a submit: <c>{"kind", "payload", "deadline"?}</c>. What kind and payload mean comes later.</summary>
internal sealed record SubmitBody(string Kind, JsonElement Payload, DateTimeOffset? Deadline = null)
{
    public const int MaxBytes = 1024 * 1024;

    public static async Task<(SubmitBody? Body, ProblemHttpResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
            return (null, Problems.Result("unsupported-media-type", "Send the request as application/json."));
        if (await RequestBody.ReadAsync(request, MaxBytes, cancellationToken) is not { } bytes)
            return (null, Problems.Result("too-large", $"A request has at most {MaxBytes} bytes; upload large data as a file."));
        if (!JsonGuard.IsSound(bytes.Span, out var reason))
            return (null, Problems.Result("invalid-json", reason));
        return Parse(bytes);
    }

    private static (SubmitBody?, ProblemHttpResult?) Parse(ReadOnlyMemory<byte> bytes)
    {
        var root = JsonElement.Parse(bytes.Span, new() { MaxDepth = FeedbackJson.MaxDepth + 8 });
        if (root.ValueKind is not JsonValueKind.Object)
            return (null, Problems.Result("invalid-json", "The body must be an object with 'kind' and 'payload'."));
        var errors = new Dictionary<string, string[]>();
        DateTimeOffset? deadline = null;
        foreach (var member in root.EnumerateObject())
        {
            if (member.Name is not ("kind" or "payload" or "deadline"))
                errors[member.Name] = ["A request has no such member."];
        }

        var kind = root.TryGetProperty("kind", out var kindValue) && kindValue.ValueKind is JsonValueKind.String ? kindValue.GetString()! : "";
        if (kind.Length is 0 or > 100)
            errors["kind"] = ["It is required: the name of a kind."];
        if (!root.TryGetProperty("payload", out var payload))
            errors["payload"] = ["It is required."];
        if (root.TryGetProperty("deadline", out var deadlineValue) && deadlineValue.ValueKind is not JsonValueKind.Null && !TryReadTime(deadlineValue, out deadline))
            errors["deadline"] = ["It must be a time as RFC 3339, for example 2026-01-31T09:30:00Z."];
        return errors.Count > 0
            ? (null, Problems.Result("invalid-payload", "The request is not of the expected form.", errors))
            : (new(kind, payload, deadline), null);
    }

    private static bool TryReadTime(JsonElement value, out DateTimeOffset? time)
    {
        time = null;
        if (value.ValueKind is not JsonValueKind.String
            || !value.TryGetDateTimeOffset(out var parsed)
            || !DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out parsed)
            || parsed.Year is < 2000 or > 9000)
            return false;
        time = parsed.ToUniversalTime();
        return true;
    }
}

/// <summary>Reads a body whole, up to a limit.</summary>
internal static class RequestBody
{
    /// <returns><c>null</c> when there is more than <paramref name="maxBytes"/>.</returns>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
            return null;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > maxBytes)
            {
                // What was read is given back, or the server cannot drain the rest.
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
