using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AspireFeedback.Tests.Faults;

/// <summary>
/// Somebody who submits, submits again, cancels, asks and waits, whatever breaks meanwhile. Every call has a deadline and is repeated until it has
/// an answer, as the contract tells clients to do; all that is seen goes into the history.
/// </summary>
internal sealed class SimulatedClient : IAsyncDisposable
{
    private static readonly TimeSpan s_callLimit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_pauseBetweenCalls = TimeSpan.FromMilliseconds(150);

    private readonly HttpClient _http;
    private readonly IReadOnlyList<Order> _orders;
    private readonly HubView _hub;
    private readonly ConcurrentBag<Task> _streams = [];
    private readonly CancellationTokenSource _stop = new();

    private SimulatedClient(HttpClient http, IReadOnlyList<Order> orders, HubView hub, ClientHistory history) =>
        (_http, _orders, _hub, History) = (http, orders, hub, history);

    public ClientHistory History { get; }

    /// <summary>Somebody else's request, to try whether it can be seen.</summary>
    public Func<Guid?> Prey { get; set; } = () => null;

    public static async Task<SimulatedClient> ArriveAsync(Uri web, IReadOnlyList<Order> orders, CancellationToken cancellationToken)
    {
        var cookies = new CookieContainer();
        // A new connection for each call, so that both replicas get their share.
        var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = web };
        var me = await http.GetFromJsonAsync<JsonElement>(new Uri("/me", UriKind.Relative), cancellationToken);
        var owner = me.GetProperty("id").GetGuid();
        var cookie = cookies.GetCookieHeader(web);
        var history = new ClientHistory(owner);
        return new(http, orders, new(http, cookie, history), history);
    }

    /// <summary>Returns when each order has had its calls; the hub goes on listening until this is disposed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _hub.Start(_stop.Token);
        var running = new List<Task>();
        foreach (var order in _orders)
        {
            await Task.Delay(order.After, cancellationToken);
            running.Add(ServeAsync(order, cancellationToken));
        }

        await Task.WhenAll(running);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll([_hub.Stopped, .. _streams]);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(Order order, CancellationToken cancellationToken)
    {
        var request = History.Requests[order.Id] = new(order.Id, order.Text);
        var submits = order.SubmitsTwice ? new[] { SubmitAsync(order, request, cancellationToken), SubmitAsync(order, request, cancellationToken) } : [SubmitAsync(order, request, cancellationToken)];
        await Task.WhenAll(submits);
        await ReadAsync(request, "get after 202", cancellationToken);
        if (order.Streams)
            _streams.Add(new StreamView(_http, request).FollowAsync(_stop.Token));
        if (order.CancelAfter is { } cancelAfter)
        {
            await Task.Delay(cancelAfter, cancellationToken);
            await CallAsync(() => new(HttpMethod.Delete, $"/requests/{order.Id}"), request, "delete", [HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.Conflict], cancellationToken);
        }

        if (order.SubmitsTwice)
            await SubmitAsync(order, request, cancellationToken);
        if (order.Pries)
            await PryAsync(cancellationToken);
        await ReadAsync(request, "get later", cancellationToken);
    }

    private Task SubmitAsync(Order order, RequestHistory request, CancellationToken cancellationToken) => CallAsync(
        () => new(HttpMethod.Put, $"/requests/{order.Id}")
        {
            Content = JsonContent.Create(new { kind = "echo", payload = new { text = order.Text, delayMs = order.DelayMs, steps = order.Steps, failTimes = order.FailTimes } }),
        },
        request, "put", [HttpStatusCode.Accepted, HttpStatusCode.OK], cancellationToken);

    private Task ReadAsync(RequestHistory request, string call, CancellationToken cancellationToken) =>
        CallAsync(() => new(HttpMethod.Get, $"/requests/{request.Id}"), request, call, [HttpStatusCode.OK], cancellationToken);

    /// <summary>Looks at what is another's, by each way there is.</summary>
    private async Task PryAsync(CancellationToken cancellationToken)
    {
        if (Prey() is not { } id)
            return;
        foreach (var path in new[] { $"/requests/{id}", $"/requests/{id}/events", $"/requests/{id}/result" })
        {
            var (status, body) = await AnswerAsync(() => new(HttpMethod.Get, path), cancellationToken);
            if (status is not HttpStatusCode.NotFound)
                History.Foreign.Enqueue($"GET {path}: {status} {body}");
        }

        var (taken, text) = await AnswerAsync(
            () => new(HttpMethod.Put, $"/requests/{id}") { Content = JsonContent.Create(new { kind = "echo", payload = new { text = "mine now" } }) }, cancellationToken);
        if (taken is not HttpStatusCode.UnprocessableEntity)
            History.Foreign.Enqueue($"PUT {id}: {taken} {text}");
        var (canceled, answer) = await AnswerAsync(() => new(HttpMethod.Delete, $"/requests/{id}"), cancellationToken);
        if (canceled is not HttpStatusCode.NotFound)
            History.Foreign.Enqueue($"DELETE {id}: {canceled} {answer}");
    }

    private async Task CallAsync(
        Func<HttpRequestMessage> message, RequestHistory request, string call, HttpStatusCode[] expected, CancellationToken cancellationToken)
    {
        var asked = Stopwatch.GetTimestamp();
        var (status, body) = await AnswerAsync(message, cancellationToken);
        if (!expected.Contains(status))
        {
            History.Unexpected.Enqueue($"{call} {request.Id}: {(int)status} {body}");
            return;
        }

        if (status is HttpStatusCode.Conflict)
            return;
        var document = JsonElement.Parse(body);
        request.Answered(
            new(call, asked, document.GetProperty("version").GetInt32(), document.GetProperty("status").GetString()!), accepts: call == "put");
    }

    /// <summary>The first answer that is one: a broken connection, a late answer and a 503 mean that nothing is known, and are tried again.</summary>
    private async Task<(HttpStatusCode Status, string Body)> AnswerAsync(Func<HttpRequestMessage> message, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_callLimit);
            try
            {
                using var request = message();
                using var response = await _http.SendAsync(request, limit.Token);
                if (response.StatusCode is not HttpStatusCode.ServiceUnavailable)
                    return (response.StatusCode, await response.Content.ReadAsStringAsync(limit.Token));
            }
            catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // Nothing is known.
            }

            await Task.Delay(s_pauseBetweenCalls, cancellationToken);
        }
    }
}
