namespace AspireFeedback.Messaging.Wolverine;

internal enum Settling
{
    Acknowledged,
    Returned,
    DeadLettered,
}

/// <summary>Notes how it is to be settled; whoever took it does so. The first word counts.</summary>
internal sealed class WolverineDelivery(Taken taken, Message message) : Delivery(message, taken.Received.Redelivered, taken.Received.EarlierDeliveries)
{
    private readonly TaskCompletionSource<Settling> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Taken Taken { get; } = taken;

    public Task<Settling> Settled => _settled.Task;

    public override ValueTask AcknowledgeAsync() => Settle(Settling.Acknowledged);

    public override ValueTask ReturnAsync() => Settle(Settling.Returned);

    public override ValueTask DeadLetterAsync() => Settle(Settling.DeadLettered);

    private ValueTask Settle(Settling settling)
    {
        _settled.TrySetResult(settling);
        return ValueTask.CompletedTask;
    }
}
