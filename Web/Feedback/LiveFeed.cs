using AspireFeedback.Web.Log;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Feedback;

/// <summary>Tells of committed changes, and waits for them, on any instance.</summary>
internal sealed partial class LiveFeed(
    OwnerChannels channels, KindCatalog kinds, LogReader reader, FeedbackMetrics metrics, IOptions<FeedbackOptions> options, TimeProvider time,
    IHostApplicationLifetime lifetime, ILogger<LiveFeed> logger, RedisBackplane? backplane = null)
{
    /// <summary>Tells whoever waits, here and through the backplane on other instances. Never fails because of the backplane.</summary>
    public async ValueTask AnnounceAsync(IReadOnlyList<Announcement> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
            return;
        var changes = new Change[batch.Count];
        for (var i = 0; i < changes.Length; i++)
        {
            changes[i] = batch[i].Events.Count == 0 ? Change.Told(batch[i].State) : Change.Of(batch[i], kinds);
            channels.Deliver(changes[i]);
        }
        if (backplane is not null)
            await backplane.PublishAsync(changes, cancellationToken);
    }

    /// <summary>
    /// Completes when the request has a version above <paramref name="after"/> (or is done, when <paramref name="untilDone"/>), at the latest after
    /// <paramref name="timeout"/>. Holds no thread and does not poll.
    /// </summary>
    public async Task WaitAsync(Guid owner, Guid id, int after, bool untilDone, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(owner, id, after, untilDone);
        using var deadline = new CancellationTokenSource(timeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping, deadline.Token);
        var subscribed = channels.AddAsync(waiter);
        metrics.Connected("wait");
        try
        {
            await subscribed.WaitAsync(end.Token);
            while (true)
            {
                // Asked after subscribing: what was committed before is seen here, what comes later is announced.
                var moved = waiter.Arm();
                var state = await reader.LoadAsync(id, end.Token);
                if (state is null || state.Owner != owner || waiter.See(state.Version, state.Done))
                    return;
                await moved.WaitAsync(end.Token);
                if (waiter.Over)
                    return;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time is up, or this instance stops: the caller answers with what there is.
        }
        catch (LogUnavailableException e)
        {
            LogWaitCut(e);
        }
        finally
        {
            channels.Remove(waiter);
            metrics.Left("wait");
        }
    }

    /// <summary>Follows all of an owner's requests. Completes when the subscription stands; then the log has to be read for what came before.</summary>
    public Task<Subscription> FollowAsync(Guid owner, TimeSpan heartbeat, CancellationToken cancellationToken)
    {
        var view = new FeedView(options.Value.GapPatience, options.Value.QueuedChanges) { Since = DateTimeOffset.MaxValue };
        return FollowAsync(owner, request: null, view, heartbeat, cancellationToken);
    }

    /// <summary>Follows the events of one request above a version, those in the log first.</summary>
    public async Task<Subscription> FollowAsync(Guid owner, Guid request, int after, TimeSpan heartbeat, CancellationToken cancellationToken)
    {
        var view = new FeedView(options.Value.GapPatience, options.Value.QueuedChanges);
        view.Track(request, after, known: after);
        var subscription = await FollowAsync(owner, request, view, heartbeat, cancellationToken);
        subscription.Track(request, after, known: after + 1); // a guess that makes it read the log, now that it is subscribed
        return subscription;
    }

    private async Task<Subscription> FollowAsync(Guid owner, Guid? request, FeedView view, TimeSpan heartbeat, CancellationToken cancellationToken)
    {
        var subscription = new Subscription(owner, request, view, reader, channels, metrics, heartbeat, time, logger);
        var subscribed = channels.AddAsync(subscription);
        try
        {
            await subscribed.WaitAsync(cancellationToken);
            return subscription;
        }
        catch (OperationCanceledException)
        {
            subscription.Dispose();
            throw;
        }
    }

    [LoggerMessage(4303, LogLevel.Warning, "The log could not be read for a call that waits; it is answered early.")]
    private partial void LogWaitCut(Exception e);
}
