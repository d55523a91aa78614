using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using AspireFeedback.Tests.Support;

namespace AspireFeedback.Tests.Faults;

/// <summary>One connection to the hub at a time, for as long as the client lives; after each break it tells what it has and goes on from there.</summary>
internal sealed class HubView(HttpClient http, string cookie, ClientHistory history)
{
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_pauseBetweenConnections = TimeSpan.FromMilliseconds(200);
    private static readonly int s_mostKnown = 1_000;
    private readonly Uri _address = new UriBuilder(http.BaseAddress!) { Scheme = "ws", Path = "/feedback" }.Uri;
    private readonly HashSet<Guid> _ended = [];
    private string? _cursor;

    public Task Stopped { get; private set; } = Task.CompletedTask;

    public void Start(CancellationToken stop) => Stopped = RunAsync(stop);

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stop);
                await Task.Delay(s_pauseBetweenConnections, stop);
            }
            catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException or InvalidOperationException or OperationCanceledException)
            {
                // Connecting again is all that a client can do.
                await Task.Delay(s_pauseBetweenConnections, CancellationToken.None);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(s_connectLimit);
        await using var hub = await HubClient.ConnectAsync(_address, options => options.SetRequestHeader("Cookie", cookie), limit.Token);
        var isEnded = history.Requests.Values.ToLookup(request => request.EndedOn(Channels.Hub));
        _ended.Clear();
        _ended.UnionWith(isEnded[true].Select(request => request.Id));
        var known = isEnded[false].Take(s_mostKnown).ToDictionary(request => request.Id, request => request.LastOf(Channels.Hub));
        var answer = await hub.InvokeAsync("Sync", new { since = _cursor, known }, limit.Token);
        foreach (var change in answer.GetProperty("changes").EnumerateArray())
            Take(change);
        foreach (var document in answer.GetProperty("requests").EnumerateArray())
            await FillAsync(document.GetProperty("id").GetGuid(), document.GetProperty("version").GetInt32(), limit.Token);
        _cursor = answer.GetProperty("cursor").GetString();
        await foreach (var call in hub.Calls.ReadAllAsync(stop))
            Take(call.Argument);
    }

    /// <summary>A request that was accepted while the client was connecting comes as a document: its first events are asked for.</summary>
    private async Task FillAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        if (!history.Requests.TryGetValue(id, out var request))
        {
            history.Foreign.Enqueue($"sync: {id}");
            return;
        }

        if (request.LastOf(Channels.Hub) > 0)
            return;
        var page = await http.GetFromJsonAsync<JsonElement>(new Uri($"/requests/{id}/events?after=0&limit={version}", UriKind.Relative), cancellationToken);
        request.Saw(Channels.Hub, EventsOf(page).Where(seen => seen.Version <= version));
    }

    private void Take(JsonElement change)
    {
        var id = change.GetProperty("id").GetGuid();
        if (!history.Requests.TryGetValue(id, out var request))
        {
            history.Foreign.Enqueue($"push: {change}");
            return;
        }

        history.Pushes.Enqueue(Stopwatch.GetTimestamp());
        // The server cannot know that this client has the end of a request which it did not name: it may tell of it, once a connection.
        var from = _ended.Remove(id) ? request.LastOf(Channels.Hub) : 0;
        request.Saw(Channels.Hub, EventsOf(change).Where(seen => seen.Version > from));
        _cursor = change.GetProperty("cursor").GetString();
    }

    private static IEnumerable<Seen> EventsOf(JsonElement change) => change.GetProperty("events").EnumerateArray()
        .Select(e => new Seen(e.GetProperty("version").GetInt32(), e.GetProperty("type").GetString()!));
}
