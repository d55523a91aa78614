namespace AspireFeedback.Messaging;

/// <summary>
/// One message of the protocol, free of any broker's types. Its properties are AMQP properties on the wire (<c>docs/protocol.md</c>).
/// Copies of it (<see cref="Reply"/>, <c>with</c>) keep the correlation, so that handler code never handles ids.
/// </summary>
/// <param name="RequestId">The correlation id.</param>
/// <param name="MessageId">Unique per logical message; a message published again keeps it.</param>
/// <param name="Type">One of <see cref="MessageTypes"/>.</param>
/// <param name="Body">UTF-8 JSON.</param>
public sealed record Message(Guid RequestId, Guid MessageId, string Type, ReadOnlyMemory<byte> Body)
{
    /// <summary>The dispatch of the log that this belongs to, from 1; 0 when the sender does not say.</summary>
    public int Attempt { get; init; }

    /// <summary>The endpoint within the attempt, from 1; 0 when the sender does not say.</summary>
    public int Hop { get; init; }

    /// <summary>One execution by one worker. A foreign backend that sends none counts as one run per attempt.</summary>
    public Guid? Run { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Of work that may be what kills its workers: it is to be run with nothing beside it in its process.</summary>
    public bool Alone { get; init; }

    /// <summary>W3C trace context of the sender's span.</summary>
    public string? TraceParent { get; init; }

    public string? TraceState { get; init; }

    /// <summary>Base URL and capability for the request's files, separated by one space.</summary>
    public string? Files { get; init; }

    /// <summary>A message about the same request, attempt, hop and run.</summary>
    public Message Reply(string type, ReadOnlyMemory<byte> body) => this with { MessageId = Guid.CreateVersion7(), Type = type, Body = body };
}

public static class MessageTypes
{
    public const string Work = "work";
    public const string Report = "report";
    public const string Heartbeat = "heartbeat";
    public const string Stop = "stop";
}
