using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AspireFeedback.Tests.Support;
using Xunit;

namespace AspireFeedback.Tests.Feedback;

internal sealed record SseEvent(string? Id, string? Type, string Data)
{
    public int Version => int.Parse(Id!, CultureInfo.InvariantCulture);

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Data);
}

/// <summary>Reads an event stream event by event, skipping comments.</summary>
internal sealed class SseClient : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private SseClient(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _reader = new(body);
    }

    public HttpStatusCode Status => _response.StatusCode;

    public int Comments { get; private set; }

    public string? LastId { get; private set; }

    public static async Task<SseClient> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The next event, or <c>null</c> at the end of the stream.</summary>
    public async Task<SseEvent?> NextAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        string? id = null, type = null, data = null;
        while (await _reader.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.StartsWith(':'))
                Comments++;
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
                LastId = id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                type = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data = line[6..];
            else if (line.Length == 0 && data is not null)
                return new(id, type, data);
        }
        return null;
    }

    /// <summary>Reads up to the next block that has an id and no data.</summary>
    public async Task ReadIdAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        while (await _reader.ReadLineAsync(deadline.Token) is { } line)
        {
            if (!line.StartsWith("id: ", StringComparison.Ordinal))
                continue;
            LastId = line[4..];
            await _reader.ReadLineAsync(deadline.Token);
            return;
        }
    }

    public async Task<IReadOnlyList<SseEvent>> TakeAsync(int count)
    {
        var taken = new List<SseEvent>();
        while (taken.Count < count && await NextAsync() is { } next)
            taken.Add(next);
        return taken;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
