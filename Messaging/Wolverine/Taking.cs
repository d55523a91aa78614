using System.Threading.Channels;
using AspireFeedback.Messaging.RabbitMq;
using Wolverine.Runtime;
using Wolverine.Transports;
using WolverineEnvelope = global::Wolverine.Envelope;

namespace AspireFeedback.Messaging.Wolverine;

/// <summary>
/// One of Wolverine's listeners and what it has taken. Disposed, its channel is closed, and the broker gives what was not settled to others, as a
/// delivery more: Wolverine's own way back acknowledges first and sends a copy then, which may be lost in between and is counted by nobody.
/// </summary>
internal sealed class Taking : IReceiver, IAsyncDisposable
{
    private readonly Channel<Taken> _inbox = Channel.CreateUnbounded<Taken>();
    private readonly CancellationTokenSource _lost;
    private readonly Lock _gate = new();
    private IListener? _listener;
    private Task? _stopped;
    private int _places;
    private int _used;
    private bool _ending;

    private Taking(WolverineLink link, int places)
    {
        _places = places;
        _lost = CancellationTokenSource.CreateLinkedTokenSource(link.Lost);
        Lost = _lost.Token;
    }

    public ChannelReader<Taken> Inbox => _inbox.Reader;

    /// <summary>Fires when the connection is gone, or this is given up: nothing that was taken can be settled any more.</summary>
    public CancellationToken Lost { get; }

    IHandlerPipeline IReceiver.Pipeline => throw new NotSupportedException("Nothing is handled by Wolverine itself.");

    public static async Task<Taking> OpenAsync(WolverineLink link, string queue, ushort prefetch, int places, IReadOnlyDictionary<string, object?>? arguments)
    {
        var taking = new Taking(link, places);
        taking._listener = await link.ListenAsync(queue, prefetch, taking, arguments);
        return taking;
    }

    /// <summary>Nothing new comes from now on, and the inbox ends; what was taken may still be settled.</summary>
    public Task StopAsync()
    {
        lock (_gate)
            return _stopped ??= StopOnceAsync();
    }

    /// <returns>False: more has come than there are places, so that the channel cannot be the same any more.</returns>
    public bool Enter()
    {
        lock (_gate)
            return ++_used <= _places;
    }

    /// <returns>How many places fall free.</returns>
    public int Leave()
    {
        lock (_gate)
        {
            _used--;
            return _ending ? FreeUnused() : 0;
        }
    }

    /// <summary>Nothing will enter any more.</summary>
    /// <returns>How many places fall free.</returns>
    public int End()
    {
        lock (_gate)
        {
            _ending = true;
            return FreeUnused();
        }
    }

    /// <summary>Whoever is in it, holds no place any more.</summary>
    /// <returns>How many places fall free.</returns>
    public int LeaveAll()
    {
        lock (_gate)
        {
            (_ending, var left) = (true, _places);
            _places = 0;
            return left;
        }
    }

    public ValueTask ReceivedAsync(IListener listener, WolverineEnvelope envelope)
    {
        _inbox.Writer.TryWrite(new(listener, envelope));
        return ValueTask.CompletedTask;
    }

    public ValueTask ReceivedAsync(IListener listener, WolverineEnvelope[] messages)
    {
        foreach (var envelope in messages)
            _inbox.Writer.TryWrite(new(listener, envelope));
        return ValueTask.CompletedTask;
    }

    public ValueTask DrainAsync() => ValueTask.CompletedTask;

    /// <summary>Gives up at once: the broker has closed the channel by itself, and what was taken is its again.</summary>
    public async Task LoseAsync()
    {
        await _lost.CancelAsync();
        await _listener!.DisposeAsync();
    }

    public void Dispose()
    {
    }

    public async ValueTask DisposeAsync()
    {
        _inbox.Writer.TryComplete();
        await _lost.CancelAsync();
        if (_listener is not null)
            await _listener.DisposeAsync();
        _lost.Dispose();
    }

    private int FreeUnused()
    {
        var unused = Math.Max(0, _places - _used);
        _places -= unused;
        return unused;
    }

    private async Task StopOnceAsync()
    {
        await _listener!.StopAsync();
        _inbox.Writer.TryComplete();
    }
}

/// <summary>A delivery, unread.</summary>
internal sealed class Taken(IListener listener, WolverineEnvelope envelope)
{
    public Received Received { get; } = Read(envelope);

    public async Task AcknowledgeAsync() => await listener.CompleteAsync(envelope);

    /// <summary>Rejected: the queue's own arguments bring it to the dead letters.</summary>
    public Task DeadLetterAsync() => ((ISupportDeadLetterQueue)listener).MoveToErrorsAsync(envelope, new InvalidOperationException("dead-lettered"));

    private static Received Read(WolverineEnvelope envelope)
    {
        var properties = ((ProtocolMapper.Incoming)envelope.Message!).Properties;
        var received = new Received(0, "", Redelivered: false, RoutingKey: "", properties, envelope.Data);
        // Wolverine keeps the broker's flag to itself. Every queue counts deliveries, except the stream.
        return received with { Redelivered = received.EarlierDeliveries > 0 };
    }
}
