namespace AspireFeedback.Messaging;

/// <summary>One message handed out by the broker. Work is settled exactly once; batches of reports are settled by the transport.</summary>
public abstract class Delivery(Message message, bool redelivered, int earlierDeliveries)
{
    public Message Message { get; } = message;

    public bool Redelivered { get; } = redelivered;

    /// <summary>How often the broker gave it out before this time, as far as it counts that; 0 when unknown.</summary>
    public int EarlierDeliveries { get; } = earlierDeliveries;

    /// <summary>Why the broker gave up (dead letters only), for example <c>delivery_limit</c>.</summary>
    public string? DeathReason { get; init; }

    /// <summary>The kind whose queue it came from.</summary>
    public string? Kind { get; init; }

    /// <summary>Done with it. Returns without waiting for the broker; a lost connection means redelivery.</summary>
    public abstract ValueTask AcknowledgeAsync();

    /// <summary>Back to the queue, for another worker or a later time. Counts as a delivery for the broker's limit.</summary>
    public abstract ValueTask ReturnAsync();

    /// <summary>To the dead letters at once: nobody can handle it.</summary>
    public abstract ValueTask DeadLetterAsync();
}
