using AspireFeedback.Messaging.RabbitMq;

namespace AspireFeedback.Messaging.Wolverine;

/// <summary>
/// A lane for each place, with a listener that holds one delivery. A handler that goes on after its acknowledgement has its listener stopped first,
/// since the broker answers an acknowledgement with the next message, which would wait there unseen by idle workers.
/// </summary>
internal sealed class WorkTaking(TakingContext context, string kind, Func<Delivery, CancellationToken, Task> handle)
    : WolverineSubscription(context, Topology.QueueOf(kind), prefetch: 1)
{
    /// <summary>A handler that ends this soon after its acknowledgement was about to end.</summary>
    private static readonly TimeSpan EndOfHandler = TimeSpan.FromMilliseconds(100);

    protected override async Task ServeAsync(Taking taking, CancellationToken stop)
    {
        var goesOn = true;
        while (goesOn && await taking.Inbox.WaitToReadAsync(stop))
        {
            if (taking.Inbox.TryRead(out var taken) && await ReadOrRefuseAsync(taken, deadLetter: true) is { } message)
                goesOn = await WorkAsync(taking, taken, new(taken, message) { Kind = kind });
        }
    }

    /// <returns>Whether the listener can go on.</returns>
    private async Task<bool> WorkAsync(Taking taking, Taken taken, WolverineDelivery delivery)
    {
        var handling = HandleAsync(delivery, taking.Lost);
        // One delivery at a time: that another one has come says that Wolverine has opened a new channel in place of one that the broker has closed.
        var next = taking.Inbox.WaitToReadAsync(CancellationToken.None).AsTask();
        if (await Task.WhenAny(handling, delivery.Settled, next) == next && await next && !delivery.Settled.IsCompleted)
            await taking.LoseAsync();
        if (await Task.WhenAny(handling, delivery.Settled) != handling)
            await Task.WhenAny(handling, Task.Delay(EndOfHandler, Context.Time));
        var stopped = !handling.IsCompleted;
        if (stopped)
            await taking.StopAsync();
        var settled = SettleAsync(taken, delivery);
        await handling;
        return await settled && !stopped;
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
