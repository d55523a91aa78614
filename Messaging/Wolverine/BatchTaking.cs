using AspireFeedback.Messaging.RabbitMq;
using Backoff = AspireFeedback.Messaging.RabbitMq.Backoff;

namespace AspireFeedback.Messaging.Wolverine;

/// <summary>Reports, or dead letters with batches of one: what is there, one batch at a time, acknowledged when it is handled.</summary>
internal sealed class BatchTaking(
    TakingContext context, string queue, ushort prefetch, int maxBatch, bool dead, Func<IReadOnlyList<Delivery>, CancellationToken, Task> handle)
    : WolverineSubscription(context, queue, prefetch)
{
    private readonly Backoff _backoff = new(context.Options.HandlerBackoff, context.Options.MaxHandlerBackoff, context.Time);

    protected override async Task ServeAsync(Taking taking, CancellationToken stop)
    {
        var batch = new List<WolverineDelivery>(maxBatch);
        var goesOn = true;
        while (goesOn && await taking.Inbox.WaitToReadAsync(stop))
        {
            batch.Clear();
            while (batch.Count < maxBatch && taking.Inbox.TryRead(out var taken))
            {
                // What cannot even name its request is of no use among the dead letters: dropped, or it would come round for ever.
                if (await ReadOrRefuseAsync(taken, deadLetter: !dead, checkBody: !dead) is { } message)
                    batch.Add(dead ? ReadDead(taken, message) : new(taken, message));
            }

            goesOn = batch.Count == 0 || await HandleAsync(taking, batch.ToArray(), stop);
        }
    }

    private static WolverineDelivery ReadDead(Taken taken, Message message)
    {
        var death = DeathRecord.Read(taken.Received.Properties);
        return new(taken, message) { DeathReason = death.Reason, Kind = Topology.KindOf(death.Queue) };
    }

    /// <returns>False: it goes back, with everything behind it.</returns>
    private async Task<bool> HandleAsync(Taking taking, WolverineDelivery[] batch, CancellationToken stop)
    {
        try
        {
            using var span = dead ? MessagingTelemetry.StartProcess(Queue, batch[0].Message) : null;
            await handle(batch, taking.Lost);
        }
        catch (Exception exception)
        {
            if (!taking.Lost.IsCancellationRequested)
            {
                MessagingTelemetry.CountHandlerFailure(Queue);
                RabbitMqLog.BatchHandlerFailed(Context.Logger, exception, Queue, batch.Length);
                await _backoff.DelayAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return false;
        }

        foreach (var delivery in batch)
            await delivery.Taken.AcknowledgeAsync();
        _backoff.Reset();
        return true;
    }
}
