using System.Text;
using AspireFeedback.Messaging;
using AspireFeedback.Web.Files;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Outbox;

/// <summary>Makes the wire message of an outbox row, with the capability for the request's files.</summary>
internal sealed class OutgoingMessages(FileCapabilities capabilities)
{
    public Message Of(Outgoing outgoing) => new(outgoing.RequestId, outgoing.MessageId, TypeOf(outgoing.Type), Encoding.UTF8.GetBytes(outgoing.Body))
    {
        Attempt = outgoing.Attempt,
        Hop = outgoing.Hop,
        Alone = outgoing.Alone,
        Deadline = outgoing.Type is OutgoingType.Work ? outgoing.Deadline : null,
        TraceParent = outgoing.TraceParent,
        TraceState = outgoing.TraceState,
        Files = outgoing.Type is OutgoingType.Work ? capabilities.WireOf(outgoing) : null,
    };

    private static string TypeOf(OutgoingType type) => type is OutgoingType.Work ? MessageTypes.Work : MessageTypes.Stop;
}
