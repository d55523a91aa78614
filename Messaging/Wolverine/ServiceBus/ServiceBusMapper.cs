using Azure.Messaging.ServiceBus;
using RabbitMQ.Client;
using Wolverine.Transports;
using Protocol = AspireFeedback.Messaging.RabbitMq.Envelope;
using WolverineEnvelope = global::Wolverine.Envelope;

namespace AspireFeedback.Messaging.Wolverine.ServiceBus;

/// <summary>The properties of <c>docs/protocol.md</c> under Service Bus's names: <c>type</c> is its subject, headers are its application properties.</summary>
internal sealed class ServiceBusMapper : IOutgoingMapper<ServiceBusMessage>
{
    public void MapEnvelopeToOutgoing(WolverineEnvelope envelope, ServiceBusMessage outgoing)
    {
        var message = (Message)envelope.Message!;
        var written = Protocol.Write(message);
        outgoing.CorrelationId = written.CorrelationId!;
        outgoing.MessageId = written.MessageId!;
        outgoing.Subject = written.Type!;
        outgoing.ContentType = written.ContentType!;
        outgoing.Body = new(message.Body);
        foreach (var (name, value) in written.Headers!)
            outgoing.ApplicationProperties[name] = value!;
    }

    /// <returns><c>null</c>, and what is wrong with it.</returns>
    public static Message? Read(ServiceBusReceivedMessage received, bool checkBody, out string? fault)
    {
        var properties = new BasicProperties
        {
            CorrelationId = received.CorrelationId,
            MessageId = received.MessageId,
            Type = received.Subject,
            Headers = received.ApplicationProperties.ToDictionary(property => property.Key, property => (object?)property.Value),
        };
        return Protocol.TryRead(properties, received.Body.ToMemory(), out var message, out fault, checkBody) ? message : null;
    }
}
