using Azure.Messaging.ServiceBus;

namespace AspireFeedback.Tests.Messaging.ServiceBus;

/// <summary>One queue, or one subscription, with its dead letters: what Service Bus promises of locks, deliveries and looking without taking.</summary>
internal sealed class BusQueue(TimeSpan lockDuration, int maxDeliveries, BusQueue? deadLetters)
{
    private readonly Lock _gate = new();
    private readonly List<Stored> _messages = [];
    private long _sequence;

    public BusQueue? DeadLetters { get; } = deadLetters;

    public int Renewals { get; private set; }

    public void Put(ServiceBusMessage message, string? reason = null)
    {
        lock (_gate)
        {
            var properties = new Dictionary<string, object>(message.ApplicationProperties);
            if (reason is not null)
                properties["DeadLetterReason"] = reason;
            _messages.Add(new(++_sequence, message, properties, DateTimeOffset.UtcNow));
        }
    }

    /// <summary>Those that nobody has locked now; each gets a lock.</summary>
    public List<ServiceBusReceivedMessage> Take(int limit)
    {
        lock (_gate)
        {
            var now = DateTimeOffset.UtcNow;
            foreach (var expired in _messages.Where(message => message.Token is not null && message.LockedUntil <= now).ToList())
                Unlock(expired);
            var taken = _messages.Where(message => message.Token is null).Take(limit).ToList();
            foreach (var message in taken)
                (message.Token, message.LockedUntil, message.Deliveries) = (Guid.NewGuid(), now + lockDuration, message.Deliveries + 1);
            return taken.ConvertAll(Shown);
        }
    }

    public List<ServiceBusReceivedMessage> Peek(int limit, long from)
    {
        lock (_gate)
            return _messages.Where(message => message.Sequence >= from).Take(limit).Select(Shown).ToList();
    }

    public void Complete(ServiceBusReceivedMessage message) => Settle(message, stored => _messages.Remove(stored));

    public void Abandon(ServiceBusReceivedMessage message) => Settle(message, Unlock);

    public void Bury(ServiceBusReceivedMessage message, string reason) => Settle(message, stored => Bury(stored, reason));

    public void Renew(ServiceBusReceivedMessage message) => Settle(message, stored =>
    {
        Renewals++;
        stored.LockedUntil = DateTimeOffset.UtcNow + lockDuration;
    });

    /// <summary>As when the bus fails over.</summary>
    public void BreakLocks()
    {
        lock (_gate)
            _messages.ForEach(message => message.Token = null);
    }

    private void Settle(ServiceBusReceivedMessage message, Action<Stored> settle)
    {
        lock (_gate)
        {
            var stored = _messages.Find(candidate => candidate.Token is { } token && token.ToString() == message.LockToken && candidate.LockedUntil > DateTimeOffset.UtcNow)
                ?? throw new ServiceBusException("The lock is gone.", ServiceBusFailureReason.MessageLockLost);
            settle(stored);
        }
    }

    private void Unlock(Stored message)
    {
        message.Token = null;
        if (DeadLetters is not null && message.Deliveries >= maxDeliveries)
            Bury(message, "MaxDeliveryCountExceeded");
    }

    private void Bury(Stored message, string reason)
    {
        _messages.Remove(message);
        DeadLetters!.Put(message.Message, reason);
    }

    private static ServiceBusReceivedMessage Shown(Stored stored) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        body: stored.Message.Body,
        messageId: stored.Message.MessageId,
        correlationId: stored.Message.CorrelationId,
        subject: stored.Message.Subject,
        contentType: stored.Message.ContentType,
        properties: stored.Properties,
        lockTokenGuid: stored.Token ?? Guid.Empty,
        deliveryCount: stored.Deliveries,
        lockedUntil: stored.LockedUntil,
        sequenceNumber: stored.Sequence,
        enqueuedTime: stored.EnqueuedAt);

    private sealed class Stored(long sequence, ServiceBusMessage message, Dictionary<string, object> properties, DateTimeOffset enqueuedAt)
    {
        public long Sequence { get; } = sequence;

        public ServiceBusMessage Message { get; } = message;

        public Dictionary<string, object> Properties { get; } = properties;

        public DateTimeOffset EnqueuedAt { get; } = enqueuedAt;

        public Guid? Token { get; set; }

        public DateTimeOffset LockedUntil { get; set; }

        public int Deliveries { get; set; }
    }
}
