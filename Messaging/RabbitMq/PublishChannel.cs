using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>
/// One channel in confirm mode, fed by one loop. It keeps the confirms itself: since only this loop publishes, it knows the sequence number
/// of each message without asking, a confirm of many costs one step a message, and no header of the client library travels along.
/// </summary>
internal sealed class PublishChannel : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _lost = new();
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, OutgoingMessage> _unconfirmed = [];
    private ulong _oldest = 1;
    private ulong _next = 1;
    private bool _isLost;
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
        FailUnconfirmed();
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

            if (!Track(message))
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
                Untrack(message);
            }
        }
    }

    private bool Track(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (_isLost)
            {
                return false;
            }

            _unconfirmed.Add(_next++, message);
            return true;
        }
    }

    private void Untrack(OutgoingMessage newest)
    {
        lock (_gate)
        {
            if (!_isLost)
            {
                _unconfirmed.Remove(--_next);
                _slots.Release();
            }
        }

        newest.Fail();
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
        var settled = 0;
        lock (_gate)
        {
            for (var number = multiple ? _oldest : tag; number <= tag && number < _next; number++)
            {
                if (_unconfirmed.Remove(number, out var message))
                {
                    decide(message);
                    settled++;
                }
            }

            while (_oldest < _next && !_unconfirmed.ContainsKey(_oldest))
            {
                _oldest++;
            }
        }

        if (settled > 0)
        {
            _slots.Release(settled);
        }
    }

    /// <summary>
    /// A return names no sequence number, but returns come in the order of publishing and before their confirm. Should the same message be
    /// under way twice, it does not matter which of the two is meant: both are the same message with the same id.
    /// </summary>
    private Task OnReturn(object sender, BasicReturnEventArgs returned)
    {
        lock (_gate)
        {
            for (var number = _oldest; number < _next; number++)
            {
                if (_unconfirmed.TryGetValue(number, out var message) && !message.Returned
                    && message.Properties.MessageId == returned.BasicProperties.MessageId
                    && message.RoutingKey == returned.RoutingKey && message.Exchange == returned.Exchange)
                {
                    message.Returned = true;
                    break;
                }
            }
        }

        return Task.CompletedTask;
    }

    private Task OnShutdown(object sender, ShutdownEventArgs reason)
    {
        _closed.TrySetResult(reason.ReplyText);
        FailUnconfirmed();
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

    private void FailUnconfirmed()
    {
        lock (_gate)
        {
            _isLost = true;
            foreach (var message in _unconfirmed.Values)
            {
                message.Fail();
            }

            _unconfirmed.Clear();
        }
    }

    private static TaskCompletionSource Passed()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
