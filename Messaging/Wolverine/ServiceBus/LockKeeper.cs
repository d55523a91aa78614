using Azure.Messaging.ServiceBus;

namespace AspireFeedback.Messaging.Wolverine.ServiceBus;

/// <summary>Renews the locks of what is being handled; a lock lasts five minutes at most, work may last longer.</summary>
internal static class LockKeeper
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <param name="handle">Its token fires when a lock is lost: others may have the message by then.</param>
    public static async Task WhileAsync(
        ServiceBusReceiver receiver,
        IReadOnlyList<ServiceBusReceivedMessage> batch,
        Func<CancellationToken, Task> handle,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var done = new CancellationTokenSource();
        var keeping = KeepAsync(receiver, batch, lost, time, done.Token);
        try
        {
            await handle(lost.Token);
        }
        finally
        {
            await done.CancelAsync();
            await keeping;
        }
    }

    private static async Task KeepAsync(
        ServiceBusReceiver receiver, IReadOnlyList<ServiceBusReceivedMessage> batch, CancellationTokenSource lost, TimeProvider time, CancellationToken done)
    {
        try
        {
            while (true)
            {
                var left = batch.Min(message => message.LockedUntil) - time.GetUtcNow();
                await Task.Delay(left / 2 > Shortest ? left / 2 : Shortest, time, done);
                await Task.WhenAll(batch.Select(message => receiver.RenewMessageLockAsync(message, done)));
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // Handled.
        }
        catch (Exception)
        {
            await lost.CancelAsync();
        }
    }
}
