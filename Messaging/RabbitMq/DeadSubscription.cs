namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>One dead letter at a time: they are few, and each ends or retries a request.</summary>
internal sealed class DeadSubscription(SubscriptionContext context, Func<Delivery, CancellationToken, Task> handle)
    : Subscription(context, new(Topology.DeadQueue, Prefetch: 20))
{
    private readonly Backoff _backoff = new(context.Options.HandlerBackoff, context.Options.MaxHandlerBackoff, context.Time);

    protected override async Task PumpAsync(ConsumerChannel channel, CancellationToken stopTaking)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopTaking, channel.Lost);
        try
        {
            await foreach (var received in channel.Inbox.ReadAllAsync(stop.Token))
            {
                // What cannot even name its request is of no use to anybody: dropped, or it would come round for ever.
                if (ReadOrRefuse(channel, received, SettleAs.Done, checkBody: false) is { } message)
                {
                    await HandleAsync(channel, Read(channel, received, message), stop.Token);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await ReturnRestAsync(channel);
        }
    }

    private static RabbitMqDelivery Read(ConsumerChannel channel, Received received, Message message)
    {
        var death = DeathRecord.Read(received.Properties);
        return new(channel, received, message) { DeathReason = death.Reason, Kind = Topology.KindOf(death.Queue) ?? received.RoutingKey };
    }

    private async Task HandleAsync(ConsumerChannel channel, RabbitMqDelivery delivery, CancellationToken stop)
    {
        try
        {
            using (MessagingTelemetry.StartProcess(Queue, delivery.Message))
            {
                await handle(delivery, channel.Lost);
            }

            await delivery.AcknowledgeAsync();
            _backoff.Reset();
        }
        catch (Exception exception)
        {
            if (!channel.Lost.IsCancellationRequested)
            {
                MessagingTelemetry.CountHandlerFailure(Queue);
                RabbitMqLog.WorkHandlerFailed(Context.Logger, exception, Queue, delivery.Message.RequestId);
                await _backoff.DelayAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await delivery.ReturnAsync();
            }
        }
    }
}
