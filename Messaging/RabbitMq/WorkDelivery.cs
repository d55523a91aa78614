namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>
/// Tells at once that it is acknowledged, but the broker hears of it only when the subscription lets it: that is when the handler has ended
/// or its consumer is away, because the broker answers an acknowledgement with the next message.
/// </summary>
internal sealed class WorkDelivery(ConsumerChannel channel, Received received, Message message) : RabbitMqDelivery(channel, received, message)
{
    private const int Asked = 1;
    private const int Allowed = 2;

    private readonly TaskCompletionSource _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    public Task Acknowledged => _acknowledged.Task;

    public void LetAcknowledge() => Advance(Allowed);

    protected override void Acknowledge()
    {
        _acknowledged.TrySetResult();
        Advance(Asked);
    }

    private void Advance(int step)
    {
        var before = Interlocked.Or(ref _state, step);
        if ((before | step) == (Asked | Allowed) && before != (Asked | Allowed))
        {
            base.Acknowledge();
        }
    }
}
