using RabbitMQ.Client;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>A delivery as it came, its body copied: the client library reuses the buffer as soon as its callback returns.</summary>
/// <param name="Tag">Valid only on the channel that it came from.</param>
/// <param name="ConsumerTag">The consumer on that channel.</param>
/// <param name="Redelivered">Given out before, to anybody.</param>
/// <param name="RoutingKey">As it was published.</param>
/// <param name="Properties">Unchecked.</param>
/// <param name="Body"><c>null</c> when it is larger than this side takes.</param>
internal sealed record Received(
    ulong Tag, string ConsumerTag, bool Redelivered, string RoutingKey, IReadOnlyBasicProperties Properties, byte[]? Body)
{
    /// <summary>Counted by quorum queues only, and absent at the first delivery.</summary>
    public int EarlierDeliveries =>
        Properties.Headers is { } headers && headers.TryGetValue("x-delivery-count", out var value) && HeaderValue.TryCount(value, out var count) ? count : 0;
}

/// <summary>What to consume and how.</summary>
/// <param name="Queue">Declared by <see cref="Topology"/>.</param>
/// <param name="Prefetch">Deliveries that may be unsettled at a time, for each consumer.</param>
/// <param name="Consumers">On one channel.</param>
/// <param name="Arguments">Of each consumer.</param>
internal sealed record ConsumerOptions(string Queue, ushort Prefetch, int Consumers = 1, IDictionary<string, object?>? Arguments = null);
