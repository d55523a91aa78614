using Azure.Messaging.ServiceBus;

namespace AspireFeedback.Messaging.Wolverine.ServiceBus;

/// <summary>Renews the locks of what is being handled; a lock lasts five minutes at most, work may last longer.</summary>
internal sealed class LockKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly ServiceBusReceiver _receiver;
    private readonly IReadOnlyList<ServiceBusReceivedMessage> _batch;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _released = new();
    private readonly Task _keeping;

    public LockKeeper(ServiceBusReceiver receiver, IReadOnlyList<ServiceBusReceivedMessage> batch, TimeProvider time, CancellationToken cancellationToken)
    {
        (_receiver, _batch, _time) = (receiver, batch, time);
        _lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _keeping = KeepAsync();
    }

    /// <summary>Fires when a lock is lost: others may have the message by then.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>
    /// Renews no more. To be called before settling: a settled message has no lock to renew, and its handler, which may go on for long, would be told
    /// that it had lost it.
    /// </summary>
    public async Task ReleaseAsync()
    {
        await _released.CancelAsync();
        await _keeping;
    }

    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync();
        _released.Dispose();
        _lost.Dispose();
    }

    private async Task KeepAsync()
    {
        try
        {
            while (true)
            {
                var left = _batch.Min(message => message.LockedUntil) - _time.GetUtcNow();
                await Task.Delay(left / 2 > Shortest ? left / 2 : Shortest, _time, _released.Token);
                await Task.WhenAll(_batch.Select(message => _receiver.RenewMessageLockAsync(message, _released.Token)));
            }
        }
        catch (OperationCanceledException) when (_released.IsCancellationRequested)
        {
            // Settled next.
        }
        catch (Exception)
        {
            await _lost.CancelAsync();
        }
    }
}
