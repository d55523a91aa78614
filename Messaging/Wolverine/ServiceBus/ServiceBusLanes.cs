using AspireFeedback.Messaging.RabbitMq;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;

namespace AspireFeedback.Messaging.Wolverine.ServiceBus;

internal sealed record ServiceBusContext(ServiceBusClient Client, RabbitMqOptions Options, TimeProvider Time, ILogger Logger);

/// <summary>
/// Takes from a queue, or from its dead letters, in lanes that each have one batch at a time. Nothing is fetched ahead: it would wait in this process,
/// unseen by idle ones. Taken is with Azure's client itself: Wolverine's listeners give back by sending a copy, and settle nothing once they stop.
/// </summary>
internal abstract class ServiceBusLanes(ServiceBusContext context, string queue, int lanes, int maxBatch, SubQueue subQueue = SubQueue.None) : ISubscription
{
    /// <summary>The reason of dead letters that a worker made.</summary>
    public const string Rejected = "rejected";

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    private readonly ServiceBusReceiver _receiver = context.Client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = subQueue });
    private readonly CancellationTokenSource _stopTaking = new();
    private readonly CancellationTokenSource _lost = new();
    private Task _lanes = Task.CompletedTask;
    private int _disposed;

    public Task CaughtUp => Task.CompletedTask;

    protected ServiceBusContext Context => context;

    protected string Queue => queue;

    protected ServiceBusReceiver Receiver => _receiver;

    public ServiceBusLanes Start()
    {
        using (ExecutionContext.SuppressFlow())
            _lanes = Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(RunLaneAsync)));
        return this;
    }

    public Task StopTakingAsync(CancellationToken cancellationToken) => _stopTaking.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stopTaking.CancelAsync();
        try
        {
            await _lanes.WaitAsync(context.Options.DrainTimeout, context.Time);
        }
        catch (TimeoutException)
        {
            RabbitMqLog.DrainTimedOut(context.Logger, queue, context.Options.DrainTimeout);
            await _lost.CancelAsync();
            // A handler that heeds it gives its message back now; otherwise that comes back when its lock has run out.
            await _lanes.WaitAsync(LastWord, context.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _receiver.DisposeAsync();
        _stopTaking.Dispose();
    }

    /// <summary>Handles a batch, releases its locks and settles it.</summary>
    protected abstract Task HandleAsync(IReadOnlyList<ServiceBusReceivedMessage> batch, LockKeeper locks);

    /// <summary>Reads a message, or settles it as none of the protocol.</summary>
    protected async Task<Message?> ReadOrRefuseAsync(ServiceBusReceivedMessage received, bool deadLetter, bool checkBody = true)
    {
        if (ServiceBusMapper.Read(received, checkBody, out var fault) is { } message)
        {
            MessagingTelemetry.CountReceived(queue);
            return message;
        }

        MessagingTelemetry.CountMalformed(queue, fault!);
        RabbitMqLog.Malformed(context.Logger, queue, fault!, deadLetter ? "dead-lettered" : "dropped");
        await SettleAsync(received, deadLetter ? Settling.DeadLettered : Settling.Acknowledged);
        return null;
    }

    protected Task SettleAsync(ServiceBusReceivedMessage received, Settling settling) => settling switch
    {
        Settling.Acknowledged => _receiver.CompleteMessageAsync(received),
        Settling.DeadLettered => _receiver.DeadLetterMessageAsync(received, Rejected),
        _ => _receiver.AbandonMessageAsync(received),
    };

    private async Task RunLaneAsync()
    {
        var stop = _stopTaking.Token;
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), context.Options.MaxReconnectBackoff, context.Time);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var batch = await _receiver.ReceiveMessagesAsync(maxBatch, Wait, stop);
                if (batch.Count > 0)
                {
                    await using var locks = new LockKeeper(_receiver, batch, context.Time, _lost.Token);
                    await HandleAsync(batch, locks);
                }

                backoff.Reset();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // What was not settled comes again when its lock has run out.
                RabbitMqLog.ConsumingLost(context.Logger, queue, exception.Message);
                await backoff.DelayAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
