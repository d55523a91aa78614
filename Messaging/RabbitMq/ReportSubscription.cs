namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>
/// Hands over what is there, one batch at a time, while the next one is already being fetched. Everything before a batch is settled when it
/// is finished, so one acknowledgement covers it.
/// </summary>
internal sealed class ReportSubscription(SubscriptionContext context, int maxBatch, Func<IReadOnlyList<Delivery>, CancellationToken, Task> handle)
    : Subscription(context, new(Topology.ReportsQueue, (ushort)Math.Min(2 * maxBatch, ushort.MaxValue)))
{
    private readonly Backoff _backoff = new(context.Options.HandlerBackoff, context.Options.MaxHandlerBackoff, context.Time);

    protected override async Task PumpAsync(ConsumerChannel channel, CancellationToken stopTaking)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopTaking, channel.Lost);
        var batch = new List<RabbitMqDelivery>(maxBatch);
        try
        {
            while (await channel.Inbox.WaitToReadAsync(stop.Token))
            {
                batch.Clear();
                while (batch.Count < maxBatch && channel.Inbox.TryRead(out var received))
                {
                    if (ReadOrRefuse(channel, received, SettleAs.DeadLettered) is { } message)
                    {
                        batch.Add(new(channel, received, message));
                    }
                }

                if (batch.Count > 0)
                {
                    await HandleAsync(channel, batch.ToArray(), stop.Token);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await ReturnRestAsync(channel);
        }
    }

    private async Task HandleAsync(ConsumerChannel channel, RabbitMqDelivery[] batch, CancellationToken stop)
    {
        try
        {
            await handle(batch, channel.Lost);
            channel.SettleThrough(batch[^1].Tag, SettleAs.Done);
            _backoff.Reset();
        }
        catch (Exception exception)
        {
            if (!channel.Lost.IsCancellationRequested)
            {
                MessagingTelemetry.CountHandlerFailure(Queue);
                RabbitMqLog.BatchHandlerFailed(Context.Logger, exception, Queue, batch.Length);
                await _backoff.DelayAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                channel.SettleThrough(batch[^1].Tag, SettleAs.Returned);
            }
        }
    }
}
