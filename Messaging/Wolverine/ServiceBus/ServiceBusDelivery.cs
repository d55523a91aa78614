using Azure.Messaging.ServiceBus;

namespace AspireFeedback.Messaging.Wolverine.ServiceBus;

internal enum Settling
{
    Acknowledged,
    Returned,
    DeadLettered,
}

/// <summary>Notes how it is to be settled; whoever took it does so. The first word counts.</summary>
internal sealed class ServiceBusDelivery(ServiceBusReceivedMessage received, Message message)
    : Delivery(message, received.DeliveryCount > 1, Math.Max(received.DeliveryCount - 1, 0))
{
    private readonly TaskCompletionSource<Settling> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ServiceBusReceivedMessage Received { get; } = received;

    public Task<Settling> Settled => _settled.Task;

    /// <summary>Service Bus's reasons under the names of the protocol.</summary>
    public static string? ReasonOf(ServiceBusReceivedMessage dead) => dead.DeadLetterReason switch
    {
        "MaxDeliveryCountExceeded" => "delivery_limit",
        "TTLExpiredException" => "expired",
        ServiceBusLanes.Rejected => "rejected",
        _ => null,
    };

    public override ValueTask AcknowledgeAsync() => Settle(Settling.Acknowledged);

    public override ValueTask ReturnAsync() => Settle(Settling.Returned);

    public override ValueTask DeadLetterAsync() => Settle(Settling.DeadLettered);

    private ValueTask Settle(Settling settling)
    {
        _settled.TrySetResult(settling);
        return ValueTask.CompletedTask;
    }
}
