using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>
/// One life of a consumer: a channel, what arrived on it, and the settling of that. Delivery tags mean something only here, so deliveries
/// hold on to the object they came from, and when its channel is dead their settling does nothing; the broker has returned them by then.
/// </summary>
internal sealed class ConsumerChannel : IAsyncDisposable
{
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(5);

    private readonly IChannel _channel;
    private readonly ConsumerOptions _options;
    private readonly ILogger _logger;
    private readonly Channel<Received> _inbox = Channel.CreateUnbounded<Received>(new() { SingleWriter = true });
    private readonly Channel<Settlement> _settlements = Channel.CreateUnbounded<Settlement>(new() { SingleReader = true });
    private readonly CancellationTokenSource _lost = new();
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _settling;
    private readonly ConcurrentDictionary<string, bool> _consumers = new();
    private readonly Consumer _consumer;

    private ConsumerChannel(IChannel channel, ConsumerOptions options, int maxBodyBytes, ILogger logger)
    {
        _channel = channel;
        _options = options;
        _logger = logger;
        _consumer = new(this, maxBodyBytes);
        Lost = _lost.Token;
        channel.ChannelShutdownAsync += (_, reason) =>
        {
            End(reason.ReplyText);
            return Task.CompletedTask;
        };
        if (channel.CloseReason is { } early)
        {
            End(early.ReplyText);
        }

        _settling = SettleAsync();
    }

    /// <summary>Fires when the deliveries of this channel belong to somebody else again.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Why it ended, when it ended by itself.</summary>
    public Task<string> Closed => _closed.Task;

    /// <summary>Completes when nothing more will come.</summary>
    public ChannelReader<Received> Inbox => _inbox.Reader;

    public string Queue => _options.Queue;

    public int Consumers => _consumers.Count;

    public static async Task<ConsumerChannel> OpenAsync(
        IConnection connection, Topology topology, ConsumerOptions options, int maxBodyBytes, ILogger logger, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: false, publisherConfirmationTrackingEnabled: false), cancellationToken);
        ConsumerChannel? opened = null;
        try
        {
            await topology.DeclareAsync(channel, cancellationToken);
            await channel.BasicQosAsync(0, options.Prefetch, global: false, cancellationToken);
            opened = new(channel, options, maxBodyBytes, logger);
            for (var i = 0; i < options.Consumers; i++)
            {
                await opened.ConsumeAsync(cancellationToken);
            }

            return opened;
        }
        catch
        {
            await (opened?.DisposeAsync() ?? channel.DisposeAsync());
            throw;
        }
    }

    /// <summary>Never waits and never fails; of no effect once the channel is gone.</summary>
    public void Settle(ulong tag, SettleAs settleAs) => _settlements.Writer.TryWrite(new(tag, settleAs));

    /// <summary>Settles all deliveries up to this one that are still open.</summary>
    public void SettleThrough(ulong tag, SettleAs settleAs) => _settlements.Writer.TryWrite(new(tag, settleAs, Through: true));

    /// <summary>Adds one more consumer.</summary>
    public async Task ConsumeAsync(CancellationToken cancellationToken)
    {
        var tag = await _channel.BasicConsumeAsync(
            Queue, autoAck: false, "", noLocal: false, exclusive: false, _options.Arguments, _consumer, cancellationToken);
        _consumers.TryAdd(tag, true);
    }

    /// <summary>Takes one consumer away. What it has delivered can still be settled.</summary>
    public async Task CancelAsync(string consumerTag, CancellationToken cancellationToken)
    {
        if (_consumers.TryRemove(consumerTag, out _) && _channel.IsOpen)
        {
            await _channel.BasicCancelAsync(consumerTag, noWait: false, cancellationToken);
        }
    }

    /// <summary>Takes all consumers away. What they have delivered can still be settled.</summary>
    public Task CancelAllAsync(CancellationToken cancellationToken) => Task.WhenAll(_consumers.Keys.Select(tag => CancelAsync(tag, cancellationToken)));

    public async Task StopConsumingAsync(CancellationToken cancellationToken)
    {
        await CancelAllAsync(cancellationToken);
        _inbox.Writer.TryComplete();
    }

    /// <summary>Tells the handlers that their deliveries are lost to them.</summary>
    public Task LoseAsync() => _lost.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        _settlements.Writer.TryComplete();
        await _settling.WaitAsync(SettleTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        End("stopped");
        await _channel.DisposeAsync();
        await LoseAsync(); // not disposed: handlers may look at the token after this
    }

    /// <summary>Its deliveries are lost; whoever consumes begins again on a new channel.</summary>
    public void End(string reason)
    {
        _closed.TrySetResult(reason);
        _inbox.Writer.TryComplete();
        _settlements.Writer.TryComplete();
    }

    private async Task SettleAsync()
    {
        await Task.Yield();
        var plan = new SettlePlan();
        try
        {
            while (await _settlements.Reader.WaitToReadAsync())
            {
                while (_settlements.Reader.TryRead(out var settlement))
                {
                    plan.Add(settlement);
                }

                foreach (var (tag, settleAs, through) in plan.Take())
                {
                    await (settleAs == SettleAs.Done
                        ? _channel.BasicAckAsync(tag, through)
                        : _channel.BasicNackAsync(tag, through, requeue: settleAs == SettleAs.Returned));
                }
            }
        }
        catch (Exception exception)
        {
            // The channel died under it; what was not settled is delivered again, here or elsewhere.
            RabbitMqLog.SettlingLost(_logger, Queue, exception.Message);
            _settlements.Writer.TryComplete();
            _closed.TrySetResult(exception.Message);
        }
    }

    private sealed class Consumer(ConsumerChannel owner, int maxBodyBytes) : AsyncDefaultBasicConsumer(owner._channel)
    {
        public override Task HandleBasicDeliverAsync(
            string consumerTag,
            ulong deliveryTag,
            bool redelivered,
            string exchange,
            string routingKey,
            IReadOnlyBasicProperties properties,
            ReadOnlyMemory<byte> body,
            CancellationToken cancellationToken = default)
        {
            owner._inbox.Writer.TryWrite(
                new(deliveryTag, consumerTag, redelivered, routingKey, properties, body.Length <= maxBodyBytes ? body.ToArray() : null));
            return Task.CompletedTask;
        }

        public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
        {
            owner.End("the broker cancelled the consumer");
            return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
        }
    }
}
