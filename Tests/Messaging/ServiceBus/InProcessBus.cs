using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace AspireFeedback.Tests.Messaging.ServiceBus;

/// <summary>
/// Azure's client over queues in this process, by the members that it leaves open for tests. It shows what the transport does with locks,
/// deliveries and dead letters as they are documented, not that Service Bus keeps to that.
/// </summary>
internal sealed class InProcessBus : ServiceBusClient
{
    private readonly ConcurrentDictionary<string, BusQueue> _queues = new();

    /// <summary>Nobody reaches it.</summary>
    public bool IsAway { get; set; }

    public BusQueue Add(string entity, TimeSpan? lockDuration = null, int maxDeliveries = int.MaxValue)
    {
        var duration = lockDuration ?? TimeSpan.FromMinutes(1);
        return _queues[entity] = new(duration, maxDeliveries, new(duration, int.MaxValue, deadLetters: null));
    }

    public BusQueue Find(string entity, SubQueue subQueue = SubQueue.None)
    {
        if (IsAway)
            throw new ServiceBusException("Away.", ServiceBusFailureReason.ServiceCommunicationProblem);
        var queue = _queues.GetValueOrDefault(entity)
            ?? throw new ServiceBusException("There is no such entity.", ServiceBusFailureReason.MessagingEntityNotFound);
        return subQueue == SubQueue.DeadLetter ? queue.DeadLetters! : queue;
    }

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(this, queueOrTopicName);

    public override ServiceBusReceiver CreateReceiver(string queueName) => new Receiver(this, queueName, SubQueue.None);

    public override ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options) => new Receiver(this, queueName, options.SubQueue);

    /// <summary>A topic here has one subscription, which holds what was sent to it.</summary>
    public override ServiceBusReceiver CreateReceiver(string topicName, string subscriptionName) => new Receiver(this, topicName, SubQueue.None);

    private sealed class Sender(InProcessBus bus, string entity) : ServiceBusSender
    {
        public override async Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            bus.Find(entity).Put(message);
        }
    }

    private sealed class Receiver(InProcessBus bus, string entity, SubQueue subQueue) : ServiceBusReceiver
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

        private volatile bool _disposed;

        private BusQueue Queue => _disposed ? throw new ObjectDisposedException(entity) : bus.Find(entity, subQueue);

        public override async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(
            int maxMessages, TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default)
        {
            var until = DateTimeOffset.UtcNow + (maxWaitTime ?? TimeSpan.FromMinutes(1));
            while (true)
            {
                var taken = Queue.Take(maxMessages);
                if (taken.Count > 0 || DateTimeOffset.UtcNow >= until)
                    return taken;
                await Task.Delay(Pause, cancellationToken);
            }
        }

        public override async Task<ServiceBusReceivedMessage> PeekMessageAsync(long? fromSequenceNumber = null, CancellationToken cancellationToken = default) =>
            await PeekMessagesAsync(1, fromSequenceNumber, cancellationToken) is [var first] ? first : null!;

        public override async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(
            int maxMessages, long? fromSequenceNumber = null, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return Queue.Peek(maxMessages, fromSequenceNumber ?? 0);
        }

        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
            Do(queue => queue.Complete(message));

        public override Task AbandonMessageAsync(
            ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
            Do(queue => queue.Abandon(message));

        public override Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message, string deadLetterReason, string? deadLetterErrorDescription = null, CancellationToken cancellationToken = default) =>
            Do(queue => queue.Bury(message, deadLetterReason));

        public override Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
            Do(queue => queue.Renew(message));

#pragma warning disable CA2215 // The real one closes a link, which there is not.
        public override ValueTask DisposeAsync()
#pragma warning restore CA2215
        {
            _disposed = true;
            return ValueTask.CompletedTask;
        }

        private async Task Do(Action<BusQueue> act)
        {
            await Task.Yield();
            act(Queue);
        }
    }
}
