using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AspireFeedback.Messaging;

/// <summary>
/// What the transport tells about itself. Listen to this source rather than to those of the broker's client library: its spans begin new
/// traces, since it knows nothing of the messages that are published and consumed by shared loops.
/// </summary>
public static class MessagingTelemetry
{
    /// <summary>The name of both the <see cref="ActivitySource"/> and the <see cref="Meter"/>.</summary>
    public const string Name = "AspireFeedback.Messaging";

    internal static ActivitySource Source { get; } = new(Name);

    internal static Meter Meter { get; } = new(Name);

    private static readonly Counter<long> Sent = Meter.CreateCounter<long>(
        "feedback.messaging.sent", "{message}", "Messages given to the broker, by destination and outcome.");

    private static readonly Counter<long> Received = Meter.CreateCounter<long>(
        "feedback.messaging.received", "{message}", "Well-formed deliveries, by queue.");

    private static readonly Counter<long> Malformed = Meter.CreateCounter<long>(
        "feedback.messaging.malformed", "{message}", "Deliveries that are no messages of the protocol, by queue and reason.");

    private static readonly Counter<long> HandlerFailures = Meter.CreateCounter<long>(
        "feedback.messaging.handler_failures", "{failure}", "Deliveries or batches whose handler threw, by queue.");

    internal static void CountSent(string destination, SendOutcome outcome) =>
        Sent.Add(1, new("destination", destination), new("outcome", outcome switch
        {
            SendOutcome.Confirmed => "confirmed",
            SendOutcome.Unroutable => "unroutable",
            _ => "failed",
        }));

    internal static void CountReceived(string queue, int messages = 1) => Received.Add(messages, new KeyValuePair<string, object?>("queue", queue));

    internal static void CountMalformed(string queue, string reason) => Malformed.Add(1, new("queue", queue), new("reason", reason));

    internal static void CountHandlerFailure(string queue) => HandlerFailures.Add(1, new KeyValuePair<string, object?>("queue", queue));

    /// <summary>A child of the sender's span. Without a listener it costs nothing and is <c>null</c>.</summary>
    internal static Activity? StartSend(string destination, Message message) =>
        Start($"send {destination}", ActivityKind.Producer, "send", destination, message);

    internal static Activity? StartProcess(string queue, Message message) =>
        Start($"process {queue}", ActivityKind.Consumer, "process", queue, message);

    private static Activity? Start(string name, ActivityKind kind, string operation, string destination, Message message)
    {
        if (!Source.HasListeners() || !ActivityContext.TryParse(message.TraceParent, message.TraceState, isRemote: true, out var parent))
        {
            return null;
        }

        return Source.StartActivity(name, kind, parent)?
            .SetTag("messaging.operation.type", operation)
            .SetTag("messaging.destination.name", destination)
            .SetTag("messaging.message.id", message.MessageId)
            .SetTag("messaging.message.conversation_id", message.RequestId);
    }
}
