using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Shouldly;

namespace AspireFeedback.Tests.EndToEnd;

/// <summary>Somebody who uses the system over HTTP only. Each call opens a new connection, so that replicas alternate.</summary>
public sealed class Person : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http;

    private Person(Uri web, CookieContainer cookies)
    {
        Cookies = cookies;
        _http = new(new SocketsHttpHandler { CookieContainer = cookies, PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = web, Timeout = TimeSpan.FromSeconds(100) };
    }

    public CookieContainer Cookies { get; }

    public Uri Web => _http.BaseAddress!;

    /// <summary>What a raw connection has to send to be this person.</summary>
    public string CookieHeader => Cookies.GetCookieHeader(Web);

    public static async Task<Person> ArriveAsync(Uri web, CancellationToken cancellationToken)
    {
        var person = new Person(web, new());
        using var answer = await person._http.GetAsync(new Uri("/me", UriKind.Relative), cancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return person;
    }

    /// <summary>Somebody without an identity.</summary>
    public static Person Nobody(Uri web) => new(web, new());

    /// <summary>The same person on another address, such as one replica's own.</summary>
    public Person At(string url)
    {
        var cookies = new CookieContainer();
        cookies.SetCookies(new(url), string.Join(',', Cookies.GetCookies(Web).Select(cookie => $"{cookie.Name}={cookie.Value}")));
        return new(new(url), cookies);
    }

    public Task<Answer> SubmitAsync(Guid id, string kind, object payload, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"/requests/{id}", JsonContent.Create(new { kind, payload }), cancellationToken);

    public Task<Answer> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<Answer> CancelAsync(Guid id, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"/requests/{id}", null, cancellationToken);

    public Task<Answer> RetryAsync(Guid id, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, $"/requests/{id}/retry", null, cancellationToken);

    public async Task<Guid> UploadAsync(string text, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = new("text/csv") } };
        (await SendAsync(HttpMethod.Put, $"/files/{id}", content, cancellationToken)).Status.ShouldBe(HttpStatusCode.Created);
        return id;
    }

    /// <summary>The document once it has this status; fails with what it had last.</summary>
    public async Task<JsonElement> UntilAsync(Guid id, string status, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        Answer? last = null;
        try
        {
            while (true)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/requests/{id}");
                if (last?.ETag is { } tag)
                {
                    request.Headers.Add("Prefer", "wait=10");
                    request.Headers.IfNoneMatch.Add(tag);
                }

                var answer = await SendAsync(request, limit.Token);
                if (answer.Status is HttpStatusCode.NotModified)
                    continue;
                last = answer;
                if (answer.Status is HttpStatusCode.OK && answer.Json.GetProperty("status").GetString() == status)
                    return answer.Json;
                if (answer.Status is HttpStatusCode.OK && answer.Json.GetProperty("done").GetBoolean())
                    throw new ShouldAssertException($"It ended otherwise than {status}: {answer.Text}");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ShouldAssertException($"It did not become {status}: {last?.Text}");
        }
    }

    public async Task<IReadOnlyList<JsonElement>> EventsAsync(Guid id, CancellationToken cancellationToken)
    {
        var answer = await GetAsync($"/requests/{id}/events", cancellationToken);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return [.. answer.Json.GetProperty("events").EnumerateArray()];
    }

    public Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken) =>
        SendAsync(new(method, path) { Content = content }, cancellationToken);

    public void Dispose() => _http.Dispose();

    /// <summary>An event stream, to be read and disposed by the caller.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, string? lastEventId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Accept = { new("text/event-stream") } } };
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return response;
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return new(response.StatusCode, response.Headers, response.Headers.ETag, await response.Content.ReadAsStringAsync(cancellationToken))
            {
                ContentType = response.Content.Headers.ContentType?.MediaType,
                Expires = response.Content.Headers.Expires,
            };
        }
    }
}

public sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, EntityTagHeaderValue? ETag, string Text)
{
    public string? ContentType { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public JsonElement Json => JsonElement.Parse(Text);
}
