using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using AspireFeedback.Bench.Load;

namespace AspireFeedback.Bench.Stopping;

/// <param name="InTheLog">By PostgreSQL's clock. The handler's token has fired before its end: it is told by the worker's own report.</param>
/// <param name="ForTheOwner">By the clock of this process.</param>
/// <param name="ByWorker">Otherwise nobody had answered.</param>
internal sealed record CancelTimes(TimeSpan InTheLog, TimeSpan ForTheOwner, bool ByWorker);

/// <summary>Somebody who has work begun at one replica and canceled at the other, in turn.</summary>
internal sealed class Cancels : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null });
    private readonly IReadOnlyList<Uri> _replicas;
    private Owner _owner = new("");

    private Cancels(IReadOnlyList<string> replicas) => _replicas = [.. replicas.Select(url => new Uri(url))];

    public static async Task<Cancels> ArriveAsync(IReadOnlyList<string> replicas, CancellationToken cancellationToken)
    {
        var cancels = new Cancels(replicas);
        cancels._owner = (await Owner.ArriveAsync(cancels._replicas[0], cancels._http, 1, cancellationToken))[0];
        return cancels;
    }

    public async Task<CancelTimes> OnceAsync(int number, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        var (here, there) = (_replicas[number % _replicas.Count], _replicas[(number + 1) % _replicas.Count]);
        var path = $"/requests/{Guid.CreateVersion7()}";
        using var work = JsonContent.Create(new { kind = "echo", payload = new { text = "wait", delayMs = 3_600_000 } });
        (await SendAsync(HttpMethod.Put, new(here, path), work, null, limit.Token)).Dispose();
        await UntilAsync(new(here, path), document => document.GetProperty("status").GetString() == "Running", limit.Token);

        // The wait stands before the cancel is sent, as a page's does.
        var ending = UntilAsync(new(here, path), document => document.GetProperty("done").GetBoolean(), limit.Token);
        var began = Stopwatch.GetTimestamp();
        (await SendAsync(HttpMethod.Delete, new(there, path), null, null, limit.Token)).Dispose();
        var took = Stopwatch.GetElapsedTime(began, await ending);

        using var answer = await SendAsync(HttpMethod.Get, new(here, $"{path}/events"), null, null, limit.Token);
        var events = (await answer.Content.ReadFromJsonAsync<JsonElement>(limit.Token)).GetProperty("events").EnumerateArray().ToArray();
        var (asked, stopped) = (Find(events, "cancellation-requested"), Find(events, "request-canceled"));
        var byWorker = !stopped.GetProperty("data").TryGetProperty("reason", out _);
        return new(stopped.GetProperty("at").GetDateTimeOffset() - asked.GetProperty("at").GetDateTimeOffset(), took, byWorker);
    }

    public void Dispose() => _http.Dispose();

    private static JsonElement Find(JsonElement[] events, string type) => Array.Find(events, e => e.GetProperty("type").GetString() == type);

    /// <returns>The timestamp at which a document told it.</returns>
    private async Task<long> UntilAsync(Uri request, Func<JsonElement, bool> isSo, CancellationToken cancellationToken)
    {
        string? tag = null;
        while (true)
        {
            using var answer = await SendAsync(HttpMethod.Get, request, null, tag, cancellationToken);
            var at = Stopwatch.GetTimestamp();
            if ((int)answer.StatusCode == 304)
                continue;
            tag = answer.Headers.ETag?.ToString();
            if (isSo(await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)))
                return at;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri url, HttpContent? content, string? changedSince, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(method, url) { Content = content };
        message.Headers.TryAddWithoutValidation("Cookie", _owner.Cookie);
        if (changedSince is not null)
        {
            message.Headers.Add("Prefer", "wait=10");
            message.Headers.TryAddWithoutValidation("If-None-Match", changedSince);
        }

        var answer = await _http.SendAsync(message, cancellationToken);
        if ((int)answer.StatusCode != 304)
            answer.EnsureSuccessStatusCode();
        return answer;
    }
}
