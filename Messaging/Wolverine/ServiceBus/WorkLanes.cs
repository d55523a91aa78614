using System.Diagnostics;
using AspireFeedback.Messaging.RabbitMq;
using Azure.Messaging.ServiceBus;

namespace AspireFeedback.Messaging.Wolverine.ServiceBus;

/// <summary>A lane for each place. It takes nothing new while its handler goes on after the acknowledgement.</summary>
internal sealed class WorkLanes(ServiceBusContext context, string kind, int places, Func<Delivery, CancellationToken, Task> handle)
    : ServiceBusLanes(context, Topology.QueueOf(kind), places, maxBatch: 1)
{
    protected override async Task HandleAsync(IReadOnlyList<ServiceBusReceivedMessage> batch, LockKeeper locks)
    {
        if (await ReadOrRefuseAsync(batch[0], deadLetter: true) is not { } message)
            return;
        var delivery = new ServiceBusDelivery(batch[0], message) { Kind = kind };
        var handling = RunAsync(delivery, locks.Lost);
        try
        {
            var settling = await delivery.Settled;
            await locks.ReleaseAsync();
            await SettleAsync(batch[0], settling);
        }
        finally
        {
            await handling;
        }
    }

    private async Task RunAsync(ServiceBusDelivery delivery, CancellationToken lost)
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
            if (!delivery.Settled.IsCompleted)
                await Task.Delay(Context.Options.HandlerBackoff, Context.Time, lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // A handler that has ended without a word has not done it.
        await delivery.ReturnAsync();
    }
}
