using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>
/// Everything that this process sends, over one connection and one channel at a time: the callers put messages into a bounded queue, one
/// loop publishes them without waiting for confirms in between, and each caller waits for its own outcomes. So many small sends cost the
/// broker as little as one large batch.
/// </summary>
internal sealed class Publisher : IAsyncDisposable
{
    private readonly BrokerConnection _connection;
    private readonly Topology _topology;
    private readonly RabbitMqOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _connected;
    private readonly Channel<OutgoingMessage> _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private volatile PublishChannel? _channel;

    public Publisher(RabbitMqOptions options, Topology topology, TimeProvider time, ILogger logger, Action connected)
    {
        _connection = new("publish", options, time, logger);
        _topology = topology;
        _options = options;
        _time = time;
        _logger = logger;
        _connected = connected;
        _queue = Channel.CreateBounded<OutgoingMessage>(new BoundedChannelOptions(options.MaxOutstandingConfirms) { SingleReader = true });
        using (ExecutionContext.SuppressFlow())
        {
            _run = Task.Run(RunAsync);
        }
    }

    public bool IsReady => _channel is { IsOpen: true };

    public bool IsBlocked => _channel is { IsBlocked: true };

    /// <summary>Completes when all are decided, at the latest after the send timeout. One outcome per message, in order.</summary>
    public async Task<IReadOnlyList<SendOutcome>> SendAsync(IReadOnlyList<AddressedMessage> messages, bool traced, CancellationToken cancellationToken)
    {
        if (messages.Count == 0)
        {
            return [];
        }

        var batch = new SendBatch(messages.Count);
        var outgoing = new OutgoingMessage[messages.Count];
        for (var i = 0; i < outgoing.Length; i++)
        {
            outgoing[i] = Prepare(batch, i, messages[i], traced);
        }

        try
        {
            var since = _time.GetTimestamp();
            await EnqueueAsync(outgoing, cancellationToken);
            var rest = _options.SendTimeout - _time.GetElapsedTime(since);
            await batch.Decided.WaitAsync(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The undecided count as failed below.
        }
        finally
        {
            for (var i = outgoing.Length - 1; i >= 0; i--)
            {
                outgoing[i].Fail(); // what nobody waits for any more is not published if it has not been yet
                outgoing[i].EndSpan();
            }
        }

        return batch.Outcomes;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        await _connection.DisposeAsync();
        _stop.Dispose();
    }

    private OutgoingMessage Prepare(SendBatch batch, int index, AddressedMessage addressed, bool traced)
    {
        var (exchange, key, message) = addressed;
        var span = traced ? MessagingTelemetry.StartSend(exchange, message) : null;
        if (span is not null)
        {
            message = message with { TraceParent = span.Id, TraceState = span.TraceStateString };
        }

        var outgoing = new OutgoingMessage(batch, index, exchange, key, Envelope.Write(message), message.Body) { Span = span };
        if (message.Body.Length > _options.MaxBodyBytes)
        {
            RabbitMqLog.TooLargeToSend(_logger, message.Body.Length, exchange, message.RequestId, _options.MaxBodyBytes);
            outgoing.Fail();
        }
        else if (exchange == Topology.Requests && !Topology.CanBeKind(key))
        {
            outgoing.Refuse();
        }

        return outgoing;
    }

    private async ValueTask EnqueueAsync(OutgoingMessage[] messages, CancellationToken cancellationToken)
    {
        for (var i = 0; i < messages.Length; i++)
        {
            if (!IsReady)
            {
                messages[i].Fail();
            }
            else if (!messages[i].IsDecided && !_queue.Writer.TryWrite(messages[i]))
            {
                await WaitForRoomAsync(messages.AsMemory(i), cancellationToken);
                return;
            }
        }
    }

    private async Task WaitForRoomAsync(ReadOnlyMemory<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.SendTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            for (var i = 0; i < messages.Length; i++)
            {
                await _queue.Writer.WriteAsync(messages.Span[i], either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private async Task RunAsync()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(50), _options.MaxReconnectBackoff, _time);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var connection = await _connection.WaitAsync(_stop.Token);
                await using var channel = await PublishChannel.OpenAsync(connection, _topology, _options.MaxOutstandingConfirms, _logger, _stop.Token);
                backoff.Reset();
                _channel = channel;
                _connected();
                var reason = await channel.RunAsync(_queue.Reader, _stop.Token);
                _channel = null;
                if (!_stop.IsCancellationRequested)
                {
                    RabbitMqLog.PublishingLost(_logger, reason);
                }
            }
            catch (Exception exception) when (!_stop.IsCancellationRequested)
            {
                RabbitMqLog.PublishingLost(_logger, exception.GetBaseException().Message);
            }
            catch (OperationCanceledException)
            {
                // Stopped while connecting.
            }

            _channel = null;
            while (_queue.Reader.TryRead(out var message))
            {
                message.Fail();
            }

            await backoff.DelayAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

internal readonly record struct AddressedMessage(string Exchange, string RoutingKey, Message Message);
