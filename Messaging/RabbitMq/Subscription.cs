using Microsoft.Extensions.Logging;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>What every subscription needs of its surroundings.</summary>
internal sealed record SubscriptionContext(
    BrokerConnection Connection, Topology Topology, RabbitMqOptions Options, TimeProvider Time, ILogger Logger, Action<Subscription> Ended);

/// <summary>
/// Consumes a queue for as long as it lives: on each connection a new channel, declared, consumed and read until it is gone. What a role
/// does with deliveries is its <see cref="PumpAsync"/>.
/// </summary>
internal abstract class Subscription(SubscriptionContext context, ConsumerOptions consumer) : ISubscription
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopTaking = new();
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _disposing = new();
    private Task _run = Task.CompletedTask;
    private Task? _disposal;
    private volatile ConsumerChannel? _channel;

    public virtual Task CaughtUp => Task.CompletedTask;

    protected SubscriptionContext Context { get; } = context;

    protected string Queue => consumer.Queue;

    /// <summary>The channel that is consumed from now, if there is one.</summary>
    protected ConsumerChannel? Current => _channel;

    public void Start()
    {
        using (ExecutionContext.SuppressFlow())
        {
            _run = Task.Run(RunAsync);
        }
    }

    public async Task StopTakingAsync(CancellationToken cancellationToken)
    {
        await _stopTaking.CancelAsync();
        if (_channel is { } channel)
        {
            try
            {
                await channel.StopConsumingAsync(cancellationToken).WaitAsync(StopTimeout, Context.Time, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The channel went away meanwhile, and with it the consumer.
                RabbitMqLog.ConsumingLost(Context.Logger, Queue, exception.Message);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_disposing)
        {
            return new(_disposal ??= DisposeOnceAsync());
        }
    }

    /// <summary>
    /// Handles what arrives until the channel is lost or taking is to stop, and then what it was handling. The channel stays until it returns.
    /// </summary>
    protected abstract Task PumpAsync(ConsumerChannel channel, CancellationToken stopTaking);

    /// <summary>Reads a message, or settles the delivery as no message of the protocol.</summary>
    protected Message? ReadOrRefuse(ConsumerChannel channel, Received received, SettleAs refusal, bool checkBody = true)
    {
        var fault = "a body that is too large";
        if (received.Body is { } body && Envelope.TryRead(received.Properties, body, out var message, out fault, checkBody))
        {
            MessagingTelemetry.CountReceived(Queue);
            return message;
        }

        MessagingTelemetry.CountMalformed(Queue, fault!);
        RabbitMqLog.Malformed(Context.Logger, Queue, fault!, refusal == SettleAs.DeadLettered ? "dead-lettered" : "dropped");
        channel.Settle(received.Tag, refusal);
        return null;
    }

    /// <summary>
    /// What arrived too late to be handled is for others, without waiting for handlers that still run. Returned when the consumers are gone: the broker
    /// would give it to them again and again, and give it up after a few times.
    /// </summary>
    protected static async Task ReturnRestAsync(ConsumerChannel channel)
    {
        var late = new List<ulong>();
        try
        {
            await foreach (var received in channel.Inbox.ReadAllAsync(channel.Lost))
            {
                late.Add(received.Tag);
            }

            late.ForEach(tag => channel.Settle(tag, SettleAs.Returned));
        }
        catch (OperationCanceledException) when (channel.Lost.IsCancellationRequested)
        {
            // Returned by the broker.
        }
    }

    private async Task RunAsync()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(50), Context.Options.MaxReconnectBackoff, Context.Time);
        while (!_stopTaking.IsCancellationRequested)
        {
            try
            {
                var connection = await Context.Connection.WaitAsync(_stopTaking.Token);
                await using var channel = await ConsumerChannel.OpenAsync(
                    connection, Context.Topology, consumer, Context.Options.MaxBodyBytes, Context.Logger, _stopTaking.Token);
                _channel = channel;
                backoff.Reset();
                await ConsumeAsync(channel);
            }
            catch (OperationCanceledException) when (_stopTaking.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                RabbitMqLog.ConsumingLost(Context.Logger, Queue, exception.GetBaseException().Message);
            }
            finally
            {
                _channel = null;
            }

            await backoff.DelayAsync(_stopTaking.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConsumeAsync(ConsumerChannel channel)
    {
        if (_stopTaking.IsCancellationRequested)
        {
            return; // it was too early for StopTakingAsync to see this channel
        }

        var pump = PumpAsync(channel, _stopTaking.Token);
        var first = await Task.WhenAny(pump, channel.Closed, _abandoned.Task);
        if (first == channel.Closed)
        {
            RabbitMqLog.ConsumingLost(Context.Logger, Queue, await channel.Closed);
        }

        await channel.LoseAsync();
        await Task.WhenAny(pump, _abandoned.Task);
        if (!pump.IsCompleted)
        {
            await Task.WhenAny(pump, Task.Delay(StopTimeout, Context.Time));
        }

        if (pump.IsCompleted)
        {
            await pump;
        }
    }

    private async Task DisposeOnceAsync()
    {
        using var deadline = new CancellationTokenSource(StopTimeout, Context.Time);
        await StopTakingAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _run.WaitAsync(Context.Options.DrainTimeout, Context.Time);
        }
        catch (TimeoutException)
        {
            RabbitMqLog.DrainTimedOut(Context.Logger, Queue, Context.Options.DrainTimeout);
            _abandoned.TrySetResult();
            await _run;
        }

        Context.Ended(this);
        _stopTaking.Dispose();
    }
}
