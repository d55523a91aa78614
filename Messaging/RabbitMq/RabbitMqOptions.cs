using RabbitMQ.Client;

namespace AspireFeedback.Messaging.RabbitMq;

public sealed class RabbitMqOptions
{
    /// <summary>An AMQP URI with user and password, as <c>ConnectionStrings:messaging</c> gives it.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The kinds whose queues this process declares: all that it sends to or takes from.</summary>
    public IReadOnlyCollection<string> Kinds { get; set; } = [];

    /// <summary>Shown by the broker beside the connections.</summary>
    public string ApplicationName { get; set; } = "feedback";

    /// <summary>How long a send waits for its confirm, also while the broker blocks publishers, before it counts as failed.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the disposal of a subscription waits for handlers that run.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Wait before a delivery that a handler threw at goes back to its queue; grows up to <see cref="MaxHandlerBackoff"/> while reports fail again.</summary>
    public TimeSpan HandlerBackoff { get; set; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan MaxHandlerBackoff { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait between two attempts to reach the broker.</summary>
    public TimeSpan MaxReconnectBackoff { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Messages published but not yet confirmed. Above the largest batch, or the batch would be sent in rounds.</summary>
    public int MaxOutstandingConfirms { get; set; } = 4096;

    /// <summary>Larger bodies are neither sent nor taken. RabbitMQ 4 refuses above 16 MiB by closing the channel of everybody else's messages.</summary>
    public int MaxBodyBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Asked once there are no problems; otherwise one is made of the connection string.</summary>
    internal Func<IConnectionFactory?>? ConnectionFactory { get; set; }

    internal IEnumerable<string> Problems(string connectionName)
    {
        if (!Uri.TryCreate(ConnectionString, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps"))
        {
            yield return $"ConnectionStrings:{connectionName} is missing or is not an AMQP URI (amqp://user:password@host:port).";
        }

        if (Kinds.FirstOrDefault(kind => !Topology.CanBeKind(kind)) is { } unfit)
        {
            yield return $"{nameof(RabbitMqOptions)}:{nameof(Kinds)} has '{unfit}', which cannot name a queue.";
        }

        if (MaxOutstandingConfirms < 1 || MaxBodyBytes < 1)
        {
            yield return $"{nameof(RabbitMqOptions)}: {nameof(MaxOutstandingConfirms)} and {nameof(MaxBodyBytes)} must be positive.";
        }

        if (new[] { SendTimeout, DrainTimeout, HandlerBackoff, MaxHandlerBackoff, MaxReconnectBackoff }.Any(time => time <= TimeSpan.Zero))
        {
            yield return $"{nameof(RabbitMqOptions)}: all times must be positive.";
        }
    }
}
