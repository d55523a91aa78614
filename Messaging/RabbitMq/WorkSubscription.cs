using System.Diagnostics;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>
/// Starts a handler for each delivery of a kind. Each place has a consumer of its own with one delivery at a time, and no consumer while
/// its handler goes on after the acknowledgement or after its channel was lost. So there are never more handlers than places, and no
/// message waits behind one of them, unseen by idle workers.
/// </summary>
internal sealed class WorkSubscription(SubscriptionContext context, string kind, int places, Func<Delivery, CancellationToken, Task> handle)
    : Subscription(context, new(Topology.QueueOf(kind), Prefetch: 1, Consumers: 0)), ISubscription
{
    /// <summary>A handler that ends this soon after its acknowledgement was about to end.</summary>
    private static readonly TimeSpan EndOfHandler = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _filling = new(1);
    private readonly HashSet<Place> _occupied = [];
    private int _detached;
    private volatile bool _paused;

    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        // Before the turn comes: a resume that overtakes this one has the last word.
        _paused = true;
        await _filling.WaitAsync(cancellationToken);
        try
        {
            if (_paused && Current is { } channel)
            {
                DetachAll(channel);
                await OrEndAsync(channel, channel.CancelAllAsync(cancellationToken));
            }
        }
        finally
        {
            _filling.Release();
        }
    }

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        _paused = false;
        if (Current is { } channel)
        {
            await OrEndAsync(channel, FillAsync(channel, cancellationToken));
        }
    }

    /// <summary>How many consumers a channel has after a failure nobody knows; the next channel begins with as many as it should.</summary>
    private static async Task OrEndAsync(ConsumerChannel channel, Task change)
    {
        try
        {
            await change;
        }
        catch (Exception exception)
        {
            channel.End(exception.Message);
            throw;
        }
    }

    protected override async Task PumpAsync(ConsumerChannel channel, CancellationToken stopTaking)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopTaking, channel.Lost);
        try
        {
            await FillAsync(channel, stop.Token);
            await foreach (var received in channel.Inbox.ReadAllAsync(stop.Token))
            {
                if (ReadOrRefuse(channel, received, SettleAs.DeadLettered) is { } message)
                {
                    Occupy(channel, received, message, stopTaking);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await ReturnRestAsync(channel);
        }

        DetachAll(channel);
        if (stopTaking.IsCancellationRequested)
        {
            await Task.WhenAll(Occupied());
        }
    }

    /// <summary>Adds consumers until each place has one or a handler that does without.</summary>
    private async Task FillAsync(ConsumerChannel channel, CancellationToken cancellationToken)
    {
        await _filling.WaitAsync(cancellationToken);
        try
        {
            while (!_paused && channel.Consumers + Volatile.Read(ref _detached) < places)
            {
                await channel.ConsumeAsync(cancellationToken);
            }
        }
        finally
        {
            _filling.Release();
        }
    }

    private void Occupy(ConsumerChannel channel, Received received, Message message, CancellationToken stopTaking)
    {
        lock (_gate)
        {
            var place = new Place(channel, received.ConsumerTag);
            _occupied.Add(place);
            if (_paused)
            {
                Detach(place); // it was on its way when its consumer was taken
            }

            place.Work = Task.Run(() => WorkAsync(place, new(channel, received, message) { Kind = kind }, stopTaking), CancellationToken.None);
        }
    }

    private async Task WorkAsync(Place place, WorkDelivery delivery, CancellationToken stopTaking)
    {
        try
        {
            var handling = HandleAsync(delivery, place.Channel.Lost);
            if (await GoesOnAfterAcknowledgingAsync(delivery, handling) && Detach(place))
            {
                await place.Channel.CancelAsync(place.ConsumerTag, place.Channel.Lost);
            }

            delivery.LetAcknowledge();
            await handling;
            // While it stops, a place that falls free stays free, and what still runs keeps its channel to be settled on.
            if (Leave(place) && !stopTaking.IsCancellationRequested && Current is { } current)
            {
                await FillAsync(current, stopTaking);
            }
        }
        catch (OperationCanceledException) when (stopTaking.IsCancellationRequested)
        {
            // It stopped between the question and the filling: there was nothing left to do for this place.
        }
        catch (Exception exception)
        {
            // The handler's own exceptions end in HandleAsync: this was the broker, and the next channel begins anew.
            delivery.LetAcknowledge();
            place.Channel.End(exception.Message);
            Leave(place);
        }
    }

    private async Task<bool> GoesOnAfterAcknowledgingAsync(WorkDelivery delivery, Task handling)
    {
        if (await Task.WhenAny(handling, delivery.Acknowledged) != handling)
        {
            await Task.WhenAny(handling, Task.Delay(EndOfHandler, Context.Time));
        }

        return !handling.IsCompleted;
    }

    private bool Detach(Place place)
    {
        lock (_gate)
        {
            if (place.IsDetached)
            {
                return false;
            }

            place.IsDetached = true;
            _detached++;
            return true;
        }
    }

    private void DetachAll(ConsumerChannel channel)
    {
        lock (_gate)
        {
            foreach (var place in _occupied.Where(place => place.Channel == channel))
            {
                Detach(place);
            }
        }
    }

    private List<Task> Occupied()
    {
        lock (_gate)
        {
            return [.. _occupied.Select(place => place.Work)];
        }
    }

    /// <returns>Whether a consumer is missing now.</returns>
    private bool Leave(Place place)
    {
        lock (_gate)
        {
            var missing = _occupied.Remove(place) && place.IsDetached;
            _detached -= missing ? 1 : 0;
            return missing;
        }
    }

    private async Task HandleAsync(WorkDelivery delivery, CancellationToken lost)
    {
        using var span = MessagingTelemetry.StartProcess(Queue, delivery.Message);
        try
        {
            await handle(delivery, lost);
        }
        catch (Exception exception) when (lost.IsCancellationRequested)
        {
            RabbitMqLog.SettlingLost(Context.Logger, Queue, exception.Message);
        }
        catch (Exception exception)
        {
            MessagingTelemetry.CountHandlerFailure(Queue);
            RabbitMqLog.WorkHandlerFailed(Context.Logger, exception, Queue, delivery.Message.RequestId);
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            if (!delivery.IsSettled)
            {
                // The delivery limit is small: three returns within a millisecond would be the end of it.
                await Task.Delay(Context.Options.HandlerBackoff, Context.Time, lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await delivery.ReturnAsync();
            }
        }
    }

    private sealed class Place(ConsumerChannel channel, string consumerTag)
    {
        public ConsumerChannel Channel { get; } = channel;

        public string ConsumerTag { get; } = consumerTag;

        public Task Work { get; set; } = Task.CompletedTask;

        /// <summary>It has no consumer on the current channel.</summary>
        public bool IsDetached { get; set; }
    }
}
