using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>
/// One channel in confirm mode, fed by one loop. It keeps the confirms itself: since only this loop publishes, it knows the sequence number
/// of each message without asking, and no header of the client library travels along.
/// </summary>
internal sealed class PublishChannel : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _lost = new();
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Unconfirmed _unconfirmed = new();
    private volatile TaskCompletionSource _unblocked = Passed();

    private PublishChannel(IConnection connection, IChannel channel, int maxUnconfirmed, ILogger logger)
    {
        _connection = connection;
        _channel = channel;
        _logger = logger;
        _slots = new(maxUnconfirmed);
        channel.BasicAcksAsync += OnAck;
        channel.BasicNacksAsync += OnNack;
        channel.BasicReturnAsync += OnReturn;
        channel.ChannelShutdownAsync += OnShutdown;
        connection.ConnectionBlockedAsync += OnBlocked;
        connection.ConnectionUnblockedAsync += OnUnblocked;
        if (channel.CloseReason is { } early)
        {
            _closed.TrySetResult(early.ReplyText);
        }
    }

    public bool IsBlocked => !_unblocked.Task.IsCompleted;

    public bool IsOpen => _channel.IsOpen;

    public static async Task<PublishChannel> OpenAsync(
        IConnection connection, Topology topology, int maxUnconfirmed, ILogger logger, CancellationToken cancellationToken)
    {
        var options = new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false, outstandingPublisherConfirmationsRateLimiter: null);
        var channel = await connection.CreateChannelAsync(options, cancellationToken);
        try
        {
            await topology.DeclareAsync(channel, cancellationToken);
            return new(connection, channel, maxUnconfirmed, logger);
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes what is in the queue until the channel is gone; gives the reason.</summary>
    public async Task<string> RunAsync(ChannelReader<OutgoingMessage> queue, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_lost.Token, cancellationToken);
        var publishing = PublishAsync(queue, stop.Token);
        await Task.WhenAny(_closed.Task, publishing);
        await _lost.CancelAsync();
        await ((Task)publishing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _closed.Task.IsCompletedSuccessfully ? _closed.Task.Result
            : publishing.Exception?.GetBaseException().Message ?? "stopped";
    }

    public async ValueTask DisposeAsync()
    {
        _connection.ConnectionBlockedAsync -= OnBlocked;
        _connection.ConnectionUnblockedAsync -= OnUnblocked;
        await _channel.DisposeAsync();
        _unconfirmed.FailAll();
        _lost.Dispose();
    }

    private async Task PublishAsync(ChannelReader<OutgoingMessage> queue, CancellationToken cancellationToken)
    {
        while (await queue.WaitToReadAsync(cancellationToken))
        {
            await _slots.WaitAsync(cancellationToken);
            await _unblocked.Task.WaitAsync(cancellationToken);
            if (!queue.TryRead(out var message) || message.IsDecided)
            {
                _slots.Release();
                continue;
            }

            if (!_unconfirmed.TryAdd(message))
            {
                message.Fail();
                return;
            }

            // Should somebody listen to the client library, its span belongs under ours.
            Activity.Current = message.Span;
            try
            {
                await _channel.BasicPublishAsync(message.Exchange, message.RoutingKey, mandatory: true, message.Properties, message.Body, cancellationToken);
            }
            catch (ArgumentException exception)
            {
                // It does not fit into AMQP's encoding. Nothing of it was sent, so the others need not suffer.
                RabbitMqLog.CannotEncode(_logger, exception, message.Exchange);
                if (_unconfirmed.RemoveNewest())
                {
                    _slots.Release();
                }

                message.Fail();
            }
        }
    }

    private Task OnAck(object sender, BasicAckEventArgs confirm)
    {
        Settle(confirm.DeliveryTag, confirm.Multiple, message => message.Confirm());
        return Task.CompletedTask;
    }

    private Task OnNack(object sender, BasicNackEventArgs refusal)
    {
        Settle(refusal.DeliveryTag, refusal.Multiple, message => message.Fail());
        return Task.CompletedTask;
    }

    private void Settle(ulong tag, bool multiple, Action<OutgoingMessage> decide)
    {
        if (_unconfirmed.Settle(tag, multiple, decide) is var settled and > 0)
        {
            _slots.Release(settled);
        }
    }

    private Task OnReturn(object sender, BasicReturnEventArgs returned)
    {
        _unconfirmed.MarkReturned(returned);
        return Task.CompletedTask;
    }

    private Task OnShutdown(object sender, ShutdownEventArgs reason)
    {
        _closed.TrySetResult(reason.ReplyText);
        _unconfirmed.FailAll();
        return Task.CompletedTask;
    }

    private Task OnBlocked(object sender, ConnectionBlockedEventArgs blocked)
    {
        RabbitMqLog.Blocked(_logger, blocked.Reason);
        _unblocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return Task.CompletedTask;
    }

    private Task OnUnblocked(object sender, AsyncEventArgs unblocked)
    {
        RabbitMqLog.Unblocked(_logger);
        _unblocked.TrySetResult();
        return Task.CompletedTask;
    }

    private static TaskCompletionSource Passed()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
