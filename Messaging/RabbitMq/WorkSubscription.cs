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

    private readonly SemaphoreSlim _filling = new(1);
    private readonly WorkPlaces _places = new(places);
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
                _places.DetachAll(channel);
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

        _places.DetachAll(channel);
        if (stopTaking.IsCancellationRequested)
        {
            await _places.AllFreeAsync();
        }
    }

    /// <summary>Adds consumers until each place has one or a handler that does without.</summary>
    private async Task FillAsync(ConsumerChannel channel, CancellationToken cancellationToken)
    {
        await _filling.WaitAsync(cancellationToken);
        try
        {
            while (!_paused && channel.Consumers < _places.WantingConsumers)
            {
                await channel.ConsumeAsync(cancellationToken);
            }
        }
        finally
        {
            _filling.Release();
        }
    }

    private void Occupy(ConsumerChannel channel, Received received, Message message, CancellationToken stopTaking) =>
        _places.Occupy(
            new(channel, received.ConsumerTag),
            lostConsumer: () => _paused, // it was on its way when its consumer was taken
            place => WorkAsync(place, new(channel, received, message) { Kind = kind }, stopTaking));

    private async Task WorkAsync(WorkPlace place, WorkDelivery delivery, CancellationToken stopTaking)
    {
        try
        {
            var handling = HandleAsync(delivery, place.Channel.Lost);
            if (await GoesOnAfterAcknowledgingAsync(delivery, handling) && _places.Detach(place))
            {
                await place.Channel.CancelAsync(place.ConsumerTag, place.Channel.Lost);
            }

            delivery.LetAcknowledge();
            await handling;
            // While it stops, a place that falls free stays free, and what still runs keeps its channel to be settled on.
            if (_places.Leave(place) && !stopTaking.IsCancellationRequested && Current is { } current)
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
            _places.Leave(place);
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
}
