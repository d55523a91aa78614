using AspireFeedback.Messaging.RabbitMq;

namespace AspireFeedback.Messaging.Wolverine;

/// <summary>
/// All places have one listener, which is given as many deliveries: of a worker that dies with a channel for each place, the broker would give what comes
/// back to another of its channels, again and again, until it gives it up. A handler that goes on after its acknowledgement has its listener stopped
/// first, since the broker answers an acknowledgement with the next message, which would wait there unseen by idle workers.
/// </summary>
internal sealed class WorkTaking(TakingContext context, string kind, int places, Func<Delivery, CancellationToken, Task> handle)
    : WolverineSubscription(context, Topology.QueueOf(kind), prefetch: 1, places)
{
    /// <summary>A handler that ends this soon after its acknowledgement was about to end.</summary>
    private static readonly TimeSpan EndOfHandler = TimeSpan.FromMilliseconds(100);

    protected override async Task ServeAsync(Taking taking, CancellationToken stop)
    {
        var running = new List<(WolverineDelivery Delivery, Task Work)>();
        try
        {
            await foreach (var taken in taking.Inbox.ReadAllAsync(stop))
            {
                if (await ReadOrRefuseAsync(taken, deadLetter: true) is not { } message)
                    continue;
                var delivery = new WolverineDelivery(taken, message) { Kind = kind };
                running.RemoveAll(one => one.Work.IsCompleted);
                if (!taking.Enter() || running.Exists(one => IsSame(one.Delivery, delivery)))
                {
                    await taking.LoseAsync();
                    Places.Free(taking.Leave());
                    break;
                }

                running.Add((delivery, Task.Run(() => WorkAsync(taking, taken, delivery), CancellationToken.None)));
            }
        }
        finally
        {
            if (running.Exists(one => !one.Work.IsCompleted) && !taking.Lost.IsCancellationRequested)
                await taking.StopAsync(); // what they acknowledge must bring nothing new
            Places.Free(taking.End());
            await Task.WhenAll(running.Select(one => one.Work));
        }
    }

    /// <summary>The broker has closed the channel by itself, and given out again what was taken; Wolverine has opened another one in its place.</summary>
    private static bool IsSame(WolverineDelivery earlier, WolverineDelivery later) =>
        earlier.Message.MessageId == later.Message.MessageId && earlier.EarlierDeliveries < later.EarlierDeliveries && !earlier.Settled.IsCompleted;

    private async Task WorkAsync(Taking taking, Taken taken, WolverineDelivery delivery)
    {
        try
        {
            var handling = HandleAsync(delivery, taking.Lost);
            if (await Task.WhenAny(handling, delivery.Settled) != handling)
                await Task.WhenAny(handling, Task.Delay(EndOfHandler, Context.Time));
            if (!handling.IsCompleted)
                await taking.StopAsync();
            var settled = SettleAsync(taken, delivery);
            await handling;
            if (!await settled)
                await taking.StopAsync(); // it goes back with the channel, when its neighbours there have ended
        }
        catch (Exception exception)
        {
            // The handler's own exceptions end in HandleAsync: this was the broker, and the next listener begins anew.
            RabbitMqLog.SettlingLost(Context.Logger, Queue, exception.GetBaseException().Message);
            await taking.LoseAsync();
        }
        finally
        {
            Places.Free(taking.Leave());
        }
    }

    private static async Task<bool> SettleAsync(Taken taken, WolverineDelivery delivery)
    {
        switch (await delivery.Settled)
        {
            case Settling.Acknowledged:
                await taken.AcknowledgeAsync();
                return true;
            case Settling.DeadLettered:
                await taken.DeadLetterAsync();
                return true;
            default:
                return false;
        }
    }

    private async Task HandleAsync(WolverineDelivery delivery, CancellationToken lost)
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
            span?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, exception.Message);
            if (!delivery.Settled.IsCompleted)
                await Task.Delay(Context.Options.HandlerBackoff, Context.Time, lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // A handler that has ended without a word has not done it.
        await delivery.ReturnAsync();
    }
}
