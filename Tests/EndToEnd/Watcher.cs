using System.Collections.Concurrent;
using AspireFeedback.Tests.Support;
using Shouldly;

namespace AspireFeedback.Tests.EndToEnd;

/// <summary>A hub connection to one replica. What it is pushed must be the log in order, without gap and without repeat.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<Guid, List<string>> _seen = [];
    private readonly HubClient _hub;
    private readonly Task _reading;

    private Watcher(HubClient hub)
    {
        _hub = hub;
        _reading = ReadAsync();
    }

    public static async Task<Watcher> ConnectAsync(Person person, string replicaUrl, CancellationToken cancellationToken)
    {
        var hub = await HubClient.ConnectAsync(
            new($"{replicaUrl.Replace("http:", "ws:", StringComparison.Ordinal).TrimEnd('/')}/feedback"),
            options => options.SetRequestHeader("Cookie", person.CookieHeader),
            cancellationToken);
        await hub.InvokeAsync("Sync", new { since = (string?)null, known = new Dictionary<string, int>() }, cancellationToken);
        return new(hub);
    }

    public int Requests => _seen.Count;

    /// <summary>The types of a request's events as they were pushed, once it has ended.</summary>
    public async Task<IReadOnlyList<string>> UntilDoneAsync(Guid id, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        while (true)
        {
            if (_reading.IsFaulted)
                await _reading;
            if (_seen.TryGetValue(id, out var types) && types is [.., "request-succeeded" or "request-failed" or "request-canceled"])
                return types;
            limit.IsCancellationRequested.ShouldBeFalse($"{id}: pushed so far: {string.Join(", ", types ?? [])}");
            await Task.Delay(20, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _reading;
    }

    private async Task ReadAsync()
    {
        await foreach (var call in _hub.Calls.ReadAllAsync())
        {
            var change = call.Argument;
            var types = _seen.GetOrAdd(change.GetProperty("id").GetGuid(), _ => []);
            change.GetProperty("from").GetInt32().ShouldBe(types.Count, $"a gap or a repeat: {change}");
            List<string> next = [.. types, .. change.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()!)];
            change.GetProperty("status").GetProperty("version").GetInt32().ShouldBe(next.Count, $"{change}");
            _seen[change.GetProperty("id").GetGuid()] = next;
        }
    }
}
