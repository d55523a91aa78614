using AspireFeedback.LocalAspire.Testing;
using AspireFeedback.Tests.EndToEnd;
using AspireFeedback.Tests.Feedback;
using Shouldly;

namespace AspireFeedback.Tests.Faults.CrashWindows;

/// <summary>Somebody who waits at one replica, by hub and by event stream, and never asks again. A gap or a repeat fails the test.</summary>
internal sealed class Witness : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Dictionary<Guid, Task<IReadOnlyList<SseEvent>>> _streams = [];
    private readonly HttpClient _http;
    private readonly Watcher _hub;

    private Witness(HttpClient http, Watcher hub) => (_http, _hub) = (http, hub);

    public static async Task<Witness> ArriveAsync(Person person, Replica replica, CancellationToken cancellationToken)
    {
        var handler = new SocketsHttpHandler { UseCookies = false };
        var http = new HttpClient(handler) { BaseAddress = new(replica.Url), Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Add("Cookie", person.CookieHeader);
        return new(http, await Watcher.ConnectAsync(person, replica.Url, cancellationToken));
    }

    /// <summary>Opens the event stream of a request that is accepted.</summary>
    public async Task FollowAsync(Guid id) => _streams[id] = ReadAsync(await SseClient.OpenAsync(_http, $"/requests/{id}/events"));

    /// <summary>The types of a request's events in the order of their arrival, the same by hub and by event stream, once it has ended.</summary>
    public async Task<IReadOnlyList<string>> UntilDoneAsync(Guid id, CancellationToken cancellationToken)
    {
        var pushed = await _hub.UntilDoneAsync(id, cancellationToken);
        var streamed = await _streams[id].WaitAsync(Patience, cancellationToken);
        streamed.Select(e => e.Version).ShouldBe(Enumerable.Range(1, streamed.Count));
        streamed.Select(e => e.Type!).ShouldBe(pushed);
        return pushed;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _hub.DisposeAsync();
        // Cut off here, or by the death of the replica.
        await ((Task)Task.WhenAll(_streams.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<IReadOnlyList<SseEvent>> ReadAsync(SseClient stream)
    {
        using (stream)
            return await stream.TakeAsync(int.MaxValue);
    }
}
