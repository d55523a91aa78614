using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Feedback;

/// <summary>What a connection gets next; neither a change nor the end means that it has been silent for a heartbeat.</summary>
internal readonly record struct FeedItem(Change? Change, bool Ended = false);

/// <summary>One connection's part of the live feed. Idle it costs a few small objects: no timer, no buffer, no thread.</summary>
/// <param name="request"><c>null</c>: all of the owner's requests as <see cref="Changed"/>; else the events of one.</param>
/// <param name="heartbeat">Zero: none.</param>
internal sealed partial class Subscription(
    Guid owner, Guid? request, FeedView view, LogReader reader, OwnerChannels channels, FeedbackMetrics metrics, TimeSpan heartbeat, TimeProvider time,
    ILogger logger) : Listener(owner, request), IDisposable
{
    private static readonly TimeSpan RetryLog = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<Change> _filled = new();
    private TaskCompletionSource? _wake;
    private TimeSpan _lastDelivery = channels.Now;
    private bool _heartbeatDue;

    /// <summary>What is accepted later is new to the connection, from its first event on.</summary>
    public void StartAt(DateTimeOffset since)
    {
        lock (_gate)
            view.Since = since;
    }

    /// <summary>The connection has the request up to <paramref name="sent"/>, and the log up to <paramref name="known"/>.</summary>
    public void Track(Guid id, int sent, int known)
    {
        lock (_gate)
        {
            view.Track(id, sent, known);
            _wake?.TrySetResult();
        }
    }

    public override void Offer(Change change)
    {
        lock (_gate)
        {
            view.Offer(change, channels.Now);
            _wake?.TrySetResult();
        }
    }

    public override void AddOpenTo(IDictionary<Guid, int> lowest)
    {
        lock (_gate)
        {
            foreach (var (id, sent) in view.Open)
                AddLowest(lowest, id, sent);
        }
    }

    public override void Tick(TimeSpan now)
    {
        lock (_gate)
        {
            if (heartbeat <= TimeSpan.Zero || now - _lastDelivery < heartbeat)
                return;
            _heartbeatDue = true;
            _wake?.TrySetResult();
        }
    }

    /// <summary>Waits for what the connection gets next. One caller at a time.</summary>
    public async ValueTask<FeedItem> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FeedStep step;
            Task woken;
            lock (_gate)
            {
                if (_filled.TryDequeue(out var next))
                    return TakeFilled(next);
                if (_heartbeatDue)
                    return Deliver(null);
                step = view.Next(channels.Now);
                _wake = step is FeedStep.Idle or FeedStep.Wait ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
                woken = _wake?.Task ?? Task.CompletedTask;
                if (step is FeedStep.Send send)
                    return Deliver(send.Change);
            }
            switch (step)
            {
                case FeedStep.Fill fill:
                    await FillAsync(fill.Gaps, cancellationToken);
                    break;
                case FeedStep.Wait wait:
                    await WaitAsync(woken, wait.Until - channels.Now, cancellationToken);
                    break;
                case FeedStep.Overrun:
                    LogOverrun(Owner);
                    return new(null, Ended: true);
                default:
                    await woken.WaitAsync(cancellationToken);
                    break;
            }
        }
    }

    public void Dispose() => channels.Remove(this);

    private FeedItem TakeFilled(Change change)
    {
        view.Filled(change.Id, change.Version, change.Done, more: change.Version - change.From >= LogReader.Page, channels.Now);
        return Deliver(change);
    }

    private FeedItem Deliver(Change? change)
    {
        _lastDelivery = channels.Now;
        _heartbeatDue = false;
        return new(change);
    }

    private async Task WaitAsync(Task woken, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (patience > TimeSpan.Zero)
            await Task.WhenAny(woken, Task.Delay(patience, time, cancellationToken));
    }

    private async Task FillAsync(IReadOnlyList<(Guid Id, int After)> gaps, CancellationToken cancellationToken)
    {
        try
        {
            var changes = await Task.WhenAll(gaps.Select(gap => ReadAsync(gap.Id, gap.After, cancellationToken)));
            metrics.GapsFilled(gaps.Count);
            lock (_gate)
            {
                foreach (var (gap, change) in gaps.Zip(changes))
                {
                    if (change is null)
                        view.Forget(gap.Id);
                    else if (change.Version > gap.After)
                        _filled.Enqueue(change);
                    else
                        view.Filled(gap.Id, gap.After, change.Done, more: false, channels.Now);
                }
            }
        }
        catch (LogUnavailableException e)
        {
            LogFillFailed(e);
            lock (_gate)
                view.NotFilled(gaps);
            await Task.Delay(RetryLog, time, cancellationToken);
        }
    }

    private async Task<Change?> ReadAsync(Guid id, int after, CancellationToken cancellationToken) => Request is null
        ? await reader.ReadChangeAsync(Owner, id, after, cancellationToken)
        : await reader.ReadPartAsync(Owner, id, after, cancellationToken);

    [LoggerMessage(4301, LogLevel.Warning, "A gap in the live feed could not be filled from the log; tried again in a second.")]
    private partial void LogFillFailed(Exception e);

    [LoggerMessage(4302, LogLevel.Warning, "A connection of owner {Owner} follows more requests than one connection may; it has to start again from its cursor.")]
    private partial void LogOverrun(Guid owner);
}
