using System.Net.Http.Json;
using System.Text.Json;
using AspireFeedback.Bench.Load;
using AspireFeedback.Bench.Measuring;
using AspireFeedback.Bench.Reporting;

namespace AspireFeedback.Bench.Size;

/// <summary>Thousands who wait at one replica: what each costs it, and how long after the commit the last of them knows.</summary>
internal sealed class ManyWaiting(SystemUnderLoad system) : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(8);
    private const int FirstConnections = 200;
    /// <summary>What was needed only while connecting is given back in the meantime.</summary>
    private static readonly TimeSpan s_calm = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null });
    private readonly Uri _replica = new(system.Replicas[0]);
    private readonly Table _table = new("", "connections", "owners", "MiB before", "MiB after", "KiB each", "first told ms", "median ms", "last ms");

    public async Task RunAsync(int streams, int hubs, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        await MeasureAsync("server-sent events", streams, oneOwner: false, StreamOf, limit.Token);
        await MeasureAsync("server-sent events", streams, oneOwner: true, StreamOf, limit.Token);
        await MeasureAsync("hub", hubs, oneOwner: false, HubOf, limit.Token);
        await MeasureAsync("hub", hubs, oneOwner: true, HubOf, limit.Token);
        _table.Print(Console.Out, "waiting at one replica; told: from the commit of the end that all wait for until it was read by the clients, in one process beside it");
    }

    public void Dispose() => _http.Dispose();

    private Task<DateTime?> StreamOf(Owner owner, Guid request, Action connected, CancellationToken leave) =>
        Crowd.StreamAsync(_http, _replica, owner.Cookie, request, connected, leave);

    private Task<DateTime?> HubOf(Owner owner, Guid request, Action connected, CancellationToken leave) =>
        Crowd.HubAsync(_replica, owner.Cookie, connected, leave);

    private async Task MeasureAsync(
        string channel, int size, bool oneOwner, Func<Owner, Guid, Action, CancellationToken, Task<DateTime?>> wait, CancellationToken cancellationToken)
    {
        Console.WriteLine($"  {size} × {channel}, {(oneOwner ? "all of one owner" : "each of an owner of their own")} …");
        var owners = new List<(Owner Owner, Guid Request)>();
        for (var n = 0; n < (oneOwner ? 1 : size); n++)
            owners.Add(await SubmitAsync(cancellationToken));
        await system.RestartWebAsync(cancellationToken);
        // What the first connections need only once, compiled code above all, is not theirs.
        await using (await Crowd.GatherAsync(Math.Min(size, FirstConnections), WaitAsync, cancellationToken))
            await Task.Delay(s_calm, cancellationToken);
        await Task.Delay(s_calm, cancellationToken);
        var process = system.Programs[0].Id;
        var before = MemoryWatch.Mebibytes(process);
        await using var crowd = await Crowd.GatherAsync(size, WaitAsync, cancellationToken);
        await Task.Delay(s_calm, cancellationToken);
        var after = MemoryWatch.Mebibytes(process);

        await Parallel.ForEachAsync(owners, cancellationToken, async (x, token) => (await SendAsync(HttpMethod.Delete, $"/requests/{x.Request}", x.Owner, null, token)).Dispose());
        var told = await crowd.UntilToldAsync(s_limit, cancellationToken);
        var committed = oneOwner ? await EndOfAsync(owners[0].Owner, owners[0].Request, cancellationToken) : default;
        string Late(DateTime at) => oneOwner ? $"{(at - committed).TotalMilliseconds:N0}" : "";
        _table.Add(channel, $"{size:N0}", $"{owners.Count:N0}", $"{before:N0}", $"{after:N0}", $"{(after - before) * 1024 / size:N1}", Late(told[0]), Late(told[told.Count / 2]), Late(told[^1]));

        Task<DateTime?> WaitAsync(int n, Action connected, CancellationToken leave) =>
            wait(owners[n % owners.Count].Owner, owners[n % owners.Count].Request, connected, leave);
    }

    /// <summary>A guest with a request that waits for hours.</summary>
    private async Task<(Owner Owner, Guid Request)> SubmitAsync(CancellationToken cancellationToken)
    {
        var owner = (await Owner.ArriveAsync(_replica, _http, 1, cancellationToken))[0];
        var id = Guid.CreateVersion7();
        using var content = JsonContent.Create(new { kind = "echo", payload = new { text = "wait", delayMs = 3_600_000 } });
        using var answer = await SendAsync(HttpMethod.Put, $"/requests/{id}", owner, content, cancellationToken);
        return (owner, id);
    }

    private async Task<DateTime> EndOfAsync(Owner owner, Guid id, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"/requests/{id}", owner, null, cancellationToken);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("lastUpdatedAt").GetDateTimeOffset().UtcDateTime;
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, Owner owner, HttpContent? content, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(method, new Uri(_replica, path)) { Content = content };
        message.Headers.TryAddWithoutValidation("Cookie", owner.Cookie);
        return (await _http.SendAsync(message, cancellationToken)).EnsureSuccessStatusCode();
    }
}
