using RabbitMQ.Client;
using Wolverine.RabbitMQ.Internal;
using Protocol = AspireFeedback.Messaging.RabbitMq.Envelope;
using WolverineEnvelope = global::Wolverine.Envelope;

namespace AspireFeedback.Messaging.Wolverine;

/// <summary>Has Wolverine write and read the AMQP properties of <c>docs/protocol.md</c> instead of its own.</summary>
internal sealed class ProtocolMapper : IRabbitMqEnvelopeMapper
{
    public void MapEnvelopeToOutgoing(WolverineEnvelope envelope, IBasicProperties outgoing)
    {
        var written = Protocol.Write((Message)envelope.Message!);
        outgoing.CorrelationId = written.CorrelationId;
        outgoing.MessageId = written.MessageId;
        outgoing.Type = written.Type;
        outgoing.ContentType = written.ContentType;
        outgoing.DeliveryMode = written.DeliveryMode;
        outgoing.Headers = written.Headers;
    }

    /// <summary>Reading trusts nobody, and what is no message of the protocol has a fate of its own in each role: that is decided by who takes it.</summary>
    public void MapIncomingToEnvelope(WolverineEnvelope envelope, IReadOnlyBasicProperties incoming)
    {
        envelope.Id = Guid.CreateVersion7();
        envelope.Message = new Incoming(incoming);
    }

    public sealed record Incoming(IReadOnlyBasicProperties Properties);
}
