namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>Starts a handler for each delivery of a kind; the prefetch keeps their number at the concurrency.</summary>
internal sealed class WorkSubscription(SubscriptionContext context, string kind, ushort concurrency, Func<Delivery, CancellationToken, Task> handle)
    : Subscription(context, new(Topology.QueueOf(kind), concurrency))
{
    // One for all channels: a handler that does not heed its token still occupies its place after a reconnect.
    private readonly SemaphoreSlim _slots = new(concurrency);

    protected override async Task PumpAsync(ConsumerChannel channel, CancellationToken stopTaking)
    {
        var running = new HashSet<Task>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopTaking, channel.Lost);
        try
        {
            await foreach (var received in channel.Inbox.ReadAllAsync(stop.Token))
            {
                if (ReadOrRefuse(channel, received, SettleAs.DeadLettered) is not { } message)
                {
                    continue;
                }

                await _slots.WaitAsync(stop.Token);
                running.RemoveWhere(task => task.IsCompleted);
                running.Add(HandleAsync(channel, new(channel, received, message) { Kind = kind }));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What waits in the inbox goes back when the channel closes.
        }

        await Task.WhenAll(running);
    }

    private async Task HandleAsync(ConsumerChannel channel, RabbitMqDelivery delivery)
    {
        await Task.Yield();
        using var span = MessagingTelemetry.StartProcess(Queue, delivery.Message);
        try
        {
            await handle(delivery, channel.Lost);
        }
        catch (Exception exception)
        {
            if (!channel.Lost.IsCancellationRequested)
            {
                MessagingTelemetry.CountHandlerFailure(Queue);
                RabbitMqLog.WorkHandlerFailed(Context.Logger, exception, Queue, delivery.Message.RequestId);
                span?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, exception.Message);
                if (!delivery.IsSettled)
                {
                    // The delivery limit is small: three returns within a millisecond would be the end of it.
                    await Task.Delay(Context.Options.HandlerBackoff, Context.Time, channel.Lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    await delivery.ReturnAsync();
                }
            }
        }
        finally
        {
            _slots.Release();
        }
    }
}
