using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Description;

/// <summary>The API as its document describes it: every call is held against it, and what has been seen is kept.</summary>
internal sealed class DescribedApi(JsonElement document)
{
    private static readonly string[] Telling = ["Location", "Retry-After", "ETag", "Expires", "Link", "Preference-Applied", "Idempotent-Replayed", "Content-Range", "Set-Cookie", "WWW-Authenticate"];
    private readonly SchemaCheck _schemas = new(document);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What was answered: operation, status, and the problem's name if it is one.</summary>
    public HashSet<string> Seen { get; } = [];

    /// <summary>What was answered otherwise than described.</summary>
    public List<string> Deviations { get; } = [];

    public IEnumerable<(string Path, string Method, JsonElement Operation)> Operations =>
        from path in document.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        where method.Value.TryGetProperty("operationId", out _)
        select (path.Name, method.Name, method.Value);

    public static async Task<DescribedApi> ReadAsync(WebReplica web)
    {
        using var script = web.Script();
        return new(await script.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Cancellation));
    }

    /// <summary>Everything that the document says may be answered, as <see cref="Seen"/> writes it.</summary>
    public IEnumerable<string> Described() =>
        from operation in Operations
        let id = Id(operation.Operation)
        from response in operation.Operation.GetProperty("responses").EnumerateObject()
        from problem in ProblemsOf(response.Value)
        select $"{id} {response.Name}{problem}";

    public IReadOnlyList<string> Errors(JsonElement schema, JsonElement value) => _schemas.Errors(schema, value);

    public async Task<JsonElement> CallAsync(
        HttpClient client, string operation, int status, string path, HttpContent? content = null, string? problem = null, params (string Name, string Value)[] headers)
    {
        var (template, method, _) = Find(operation);
        path.Split('?')[0].ShouldMatch($"^{Regex.Replace(template, "{[^}]+}", "[^/]+")}$");
        using var request = new HttpRequestMessage(new(method.ToUpperInvariant()), path) { Content = content };
        foreach (var (header, value) in headers)
            request.Headers.TryAddWithoutValidation(header, value);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        return await CheckAsync(operation, status, response, problem);
    }

    /// <summary>Holds an answer that came by another way against what is described.</summary>
    public async Task<JsonElement> CheckAsync(string operation, int status, HttpResponseMessage response, string? problem)
    {
        var isHead = response.RequestMessage!.Method == HttpMethod.Head;
        var isStream = response.Content.Headers.ContentType?.MediaType is "text/event-stream";
        var text = isStream ? "" : await response.Content.ReadAsStringAsync(Cancellation);
        if ((int)response.StatusCode != status)
            Deviations.Add($"{operation} answers {(int)response.StatusCode} where {status} {problem} is due: {text}");
        status = (int)response.StatusCode;
        if (!Find(operation).Operation.GetProperty("responses").TryGetProperty($"{status}", out var answer))
        {
            Deviations.Add($"{operation} is not described to answer {status}");
            return default;
        }

        CheckHeaders(operation, response, answer);
        var body = isHead ? default : CheckBody(operation, response, answer, text, isStream);
        if (problem is not null && !isHead && problem != ProblemOf(body))
            Deviations.Add($"{operation} {status} is {ProblemOf(body)} where {problem} is due");
        Seen.Add($"{operation} {status}{(ProblemOf(body) is { } name ? $" {name}" : "")}");
        return body;
    }

    private (string Path, string Method, JsonElement Operation) Find(string operation) => Operations.Single(candidate => Id(candidate.Operation) == operation);

    private void CheckHeaders(string operation, HttpResponseMessage response, JsonElement answer)
    {
        foreach (var name in Telling.Intersect(response.Headers.Concat(response.Content.Headers).Select(header => header.Key)))
        {
            // What must not be stored at all often says so once more.
            if (name == "Expires" && response.Headers.CacheControl?.NoStore is true)
                continue;
            if (!answer.TryGetProperty("headers", out var headers) || !headers.TryGetProperty(name, out _))
                Deviations.Add($"{operation} {(int)response.StatusCode} has a header {name} that is not described");
        }
    }

    private JsonElement CheckBody(string operation, HttpResponseMessage response, JsonElement answer, string text, bool isStream)
    {
        if (response.Content.Headers.ContentType?.MediaType is not { } type)
        {
            text.ShouldBeEmpty();
            if (answer.TryGetProperty("content", out _))
                Deviations.Add($"{operation} {(int)response.StatusCode} has no body");
            return default;
        }

        var content = answer.GetProperty("content");
        // A file comes as what it was stored as.
        var described = content.TryGetProperty(type, out var media) ? media
            : operation == "GetFile" && response.IsSuccessStatusCode ? content.GetProperty("application/octet-stream")
            : throw new ShouldAssertException($"{operation} {(int)response.StatusCode} is not described as {type}: {text}");
        if (isStream || !type.EndsWith("json", StringComparison.Ordinal))
            return default;
        var body = JsonElement.Parse(text);
        Deviations.AddRange(Errors(described.GetProperty("schema"), body).Select(error => $"{operation} {(int)response.StatusCode}: {error} in {text}"));
        if (type == "application/problem+json" && !ProblemsOf(answer).Contains($" {ProblemOf(body)}"))
            Deviations.Add($"{operation} {(int)response.StatusCode} is not described as {ProblemOf(body)}");
        return body;
    }

    private static string? ProblemOf(JsonElement body) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty("type", out var type) && body.TryGetProperty("title", out _) && body.TryGetProperty("status", out _)
            && !body.TryGetProperty("description", out _) ? type.GetString()!["/problems/".Length..] : null;

    private static string[] ProblemsOf(JsonElement response) =>
        response.TryGetProperty("content", out var content) && content.TryGetProperty("application/problem+json", out var problem)
            ? [.. problem.GetProperty("examples").EnumerateObject().Select(example => $" {example.Name}")]
            : [""];

    private static string Id(JsonElement operation) => operation.GetProperty("operationId").GetString()!;

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
