namespace AspireFeedback.Messaging.RabbitMq;

internal sealed class RabbitMqDelivery(ConsumerChannel channel, Received received, Message message)
    : Delivery(message, received.Redelivered, received.EarlierDeliveries)
{
    private int _settled;

    public ulong Tag { get; } = received.Tag;

    public bool IsSettled => Volatile.Read(ref _settled) != 0;

    public override ValueTask AcknowledgeAsync() => Settle(SettleAs.Done);

    public override ValueTask ReturnAsync() => Settle(SettleAs.Returned);

    public override ValueTask DeadLetterAsync() => Settle(SettleAs.DeadLettered);

    /// <summary>A second settling of one delivery would break the channel of all others; the first one counts.</summary>
    private ValueTask Settle(SettleAs settleAs)
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            channel.Settle(Tag, settleAs);
        }

        return ValueTask.CompletedTask;
    }
}
