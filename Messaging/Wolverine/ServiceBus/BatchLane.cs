using AspireFeedback.Messaging.RabbitMq;
using Azure.Messaging.ServiceBus;

namespace AspireFeedback.Messaging.Wolverine.ServiceBus;

/// <summary>Reports, or the dead letters of a kind in batches of one: a batch at a time, acknowledged when it is handled.</summary>
internal sealed class BatchLane(
    ServiceBusContext context, string queue, SubQueue subQueue, int maxBatch, Func<IReadOnlyList<Delivery>, CancellationToken, Task> handle)
    : ServiceBusLanes(context, queue, lanes: 1, maxBatch, subQueue)
{
    private readonly Backoff _backoff = new(context.Options.HandlerBackoff, context.Options.MaxHandlerBackoff, context.Time);
    private readonly bool _dead = subQueue == SubQueue.DeadLetter;

    protected override async Task HandleAsync(IReadOnlyList<ServiceBusReceivedMessage> batch, LockKeeper locks)
    {
        var lost = locks.Lost;
        var deliveries = new List<ServiceBusDelivery>(batch.Count);
        foreach (var received in batch)
        {
            // What cannot even name its request is of no use among the dead letters: dropped, or it would come round for ever.
            if (await ReadOrRefuseAsync(received, deadLetter: !_dead, checkBody: !_dead) is { } message)
            {
                deliveries.Add(_dead
                    ? new(received, message) { DeathReason = ServiceBusDelivery.ReasonOf(received), Kind = Topology.KindOf(Queue) }
                    : new(received, message));
            }
        }

        if (deliveries.Count == 0)
            return;
        var settling = Settling.Acknowledged;
        try
        {
            using var span = _dead ? MessagingTelemetry.StartProcess(Queue, deliveries[0].Message) : null;
            await handle(deliveries, lost);
            _backoff.Reset();
        }
        catch (Exception exception) when (!lost.IsCancellationRequested)
        {
            MessagingTelemetry.CountHandlerFailure(Queue);
            RabbitMqLog.BatchHandlerFailed(Context.Logger, exception, Queue, deliveries.Count);
            await _backoff.DelayAsync(lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            settling = Settling.Returned;
        }

        await locks.ReleaseAsync();
        await Task.WhenAll(deliveries.Select(delivery => SettleAsync(delivery.Received, settling)));
    }
}
