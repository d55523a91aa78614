namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>Settles itself on the channel that it came from. A second settling would break that channel for all others; the first one counts.</summary>
internal class RabbitMqDelivery(ConsumerChannel channel, Received received, Message message)
    : Delivery(message, received.Redelivered, received.EarlierDeliveries)
{
    private int _settled;

    public ulong Tag { get; } = received.Tag;

    public bool IsSettled => Volatile.Read(ref _settled) != 0;

    public override ValueTask AcknowledgeAsync()
    {
        if (TrySettle())
        {
            Acknowledge();
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask ReturnAsync() => Settle(SettleAs.Returned);

    public override ValueTask DeadLetterAsync() => Settle(SettleAs.DeadLettered);

    protected virtual void Acknowledge() => channel.Settle(Tag, SettleAs.Done);

    private ValueTask Settle(SettleAs settleAs)
    {
        if (TrySettle())
        {
            channel.Settle(Tag, settleAs);
        }

        return ValueTask.CompletedTask;
    }

    private bool TrySettle() => Interlocked.Exchange(ref _settled, 1) == 0;
}
