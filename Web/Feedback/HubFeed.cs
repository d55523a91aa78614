using AspireFeedback.Web.Log;
using Microsoft.AspNetCore.SignalR;

namespace AspireFeedback.Web.Feedback;

/// <summary>The live feed of one hub connection: brings the client up to date, then pushes to it.</summary>
internal sealed partial class HubFeed(
    Guid owner, string connectionId, IRequestLog log, KindCatalog kinds, LiveFeed feed, LogReader reader, FeedbackMetrics metrics, IHubContext<FeedbackHub> hub,
    Action abort, ILogger<HubFeed> logger) : IAsyncDisposable
{
    /// <summary>Changes in one answer; the others follow as pushes, at the reader's pace.</summary>
    private const int MostChanges = 100;
    private const int MostRequests = 100;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _closed = new();
    private CancellationTokenSource? _stop;
    private Task _pushing = Task.CompletedTask;

    /// <summary>Starts afresh from what the client says it has.</summary>
    public async Task<SyncAnswer> SyncAsync(DateTimeOffset? since, IReadOnlyDictionary<Guid, int> known)
    {
        await _turn.WaitAsync(_closed.Token);
        try
        {
            await StopAsync();
            // Subscribed first: what is committed before is read below, what comes later is announced.
            var subscription = await feed.FollowAsync(owner, heartbeat: TimeSpan.Zero, _closed.Token);
            _stop = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
            var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _pushing = PushAsync(subscription, answered.Task, _stop.Token);
            return await AnswerAsync(subscription, since, known, () => answered.TrySetResult(), _stop.Token);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _turn.WaitAsync(CancellationToken.None); // a Sync under way gives up at once
        await StopAsync();
    }

    private async Task<SyncAnswer> AnswerAsync(
        Subscription subscription, DateTimeOffset? since, IReadOnlyDictionary<Guid, int> known, Action written, CancellationToken cancellationToken)
    {
        var versions = known.Count == 0 ? new Dictionary<Guid, int>() : await log.ReadVersionsAsync([.. known.Keys], cancellationToken);
        var now = (await log.LoadAsync([], cancellationToken)).Now;
        subscription.StartAt(since ?? now);

        var moved = versions.Where(pair => pair.Value > known[pair.Key]).Select(pair => pair.Key).Take(MostChanges);
        var read = await Task.WhenAll(moved.Select(id => reader.ReadChangeAsync(owner, id, known[id], cancellationToken)));
        var changes = read.OfType<Change>().Where(change => change.HasEvents).ToDictionary(change => change.Id);
        foreach (var (id, version) in versions)
            subscription.Track(id, changes.TryGetValue(id, out var change) ? change.Version : Math.Min(known[id], version), version);

        var filter = new ListFilter { AcceptedAfter = since - OwnerCursor.Overlap, Limit = MostRequests };
        var accepted = (await log.ListAsync(owner, filter, cancellationToken)).Where(state => !known.ContainsKey(state.Id)).ToList();
        foreach (var state in accepted)
            subscription.Track(state.Id, state.Version, state.Version);
        return new(
            [.. changes.Values.Select(change => new RawJson(change.Json))],
            [.. accepted.Select(state => StatusDocument.Of(state, kinds, withResult: false))],
            OwnerCursor.Of(now),
            written);
    }

    private async Task PushAsync(Subscription subscription, Task answered, CancellationToken cancellationToken)
    {
        metrics.Connected("hub");
        try
        {
            await answered.WaitAsync(cancellationToken);
            var client = hub.Clients.Client(connectionId);
            while (await subscription.NextAsync(cancellationToken) is { Ended: false } next)
            {
                if (next.Change is not { } change)
                    continue;
                using var push = metrics.Push("hub", change);
                await client.SendAsync("Changed", new RawJson(change.Json), cancellationToken);
            }
            abort();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client left, or syncs again.
        }
        catch (Exception e)
        {
            // Nobody else would see it; the client comes back and starts from its cursor.
            LogPushFailed(e);
            abort();
        }
        finally
        {
            subscription.Dispose();
            metrics.Left("hub");
        }
    }

    private async Task StopAsync()
    {
        if (_stop is null)
            return;
        await _stop.CancelAsync();
        await _pushing;
        _stop.Dispose();
        _stop = null;
    }

    [LoggerMessage(4330, LogLevel.Error, "Pushing to a hub connection failed; it is closed.")]
    private partial void LogPushFailed(Exception e);
}
