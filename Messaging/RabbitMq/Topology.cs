using RabbitMQ.Client;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>
/// Every exchange and queue, declared by both sides on each new channel: whoever comes first makes them, and a broker that lost its data
/// gets them again. Redeclaring with other arguments is an error of the broker (406), so a change of arguments needs a new name.
/// </summary>
internal sealed class Topology(IReadOnlyCollection<string> kinds)
{
    public const string Requests = "feedback.requests";
    public const string Reports = "feedback.reports";
    public const string Control = "feedback.control";
    public const string Dead = "feedback.dead";
    public const string DeadReports = "feedback.reports.dead";

    public const string ReportsQueue = "reports";
    public const string ControlQueue = "control";
    public const string DeadQueue = "dead";
    public const string DeadReportsQueue = "reports.dead";

    private const string RequestsPrefix = "requests.";
    private const int RequestDeliveryLimit = 3;

    // Reports come back whenever the log's database is away. -1 would mean "no limit" to RabbitMQ 4 but "drop at the first return" to 3.10,
    // and RabbitMQ 4 has a default of 20.
    private const int PracticallyNoDeliveryLimit = 1_000_000;

    // Retention is decided per segment: with the default of 500 MB a stream of small messages would never lose its first day.
    private const int ControlSegmentBytes = 1_000_000;

    public static string QueueOf(string kind) => RequestsPrefix + kind;

    public static string? KindOf(string? queue) =>
        queue?.StartsWith(RequestsPrefix, StringComparison.Ordinal) == true ? queue[RequestsPrefix.Length..] : null;

    /// <summary>AMQP names have at most 255 bytes. A worker may forward to a kind of any name, so this is asked of each message.</summary>
    public static bool CanBeKind(string? kind) => kind is { Length: > 0 and <= 200 } && kind.All(c => c is > ' ' and < (char)127);

    public async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await Exchange(Requests, ExchangeType.Direct);
        await Exchange(Reports, ExchangeType.Direct);
        await Exchange(Control, ExchangeType.Fanout);

        // Dead letters keep their routing key, so a direct exchange would lose them.
        await Exchange(Dead, ExchangeType.Fanout);
        await Exchange(DeadReports, ExchangeType.Fanout);

        await Queue(DeadQueue, Dead, "", Quorum(PracticallyNoDeliveryLimit));
        await Queue(DeadReportsQueue, DeadReports, "", new(Quorum(PracticallyNoDeliveryLimit)) { ["x-max-length"] = 100_000 });
        await Queue(ReportsQueue, Reports, ReportsQueue, DeadLetteredTo(DeadReports, PracticallyNoDeliveryLimit));
        await Queue(ControlQueue, Control, "", new()
        {
            ["x-queue-type"] = "stream",
            ["x-max-age"] = "1D",
            ["x-stream-max-segment-size-bytes"] = ControlSegmentBytes,
        });

        foreach (var kind in kinds)
        {
            await Queue(QueueOf(kind), Requests, kind, DeadLetteredTo(Dead, RequestDeliveryLimit));
        }

        Task Exchange(string name, string type) =>
            channel.ExchangeDeclareAsync(name, type, durable: true, autoDelete: false, cancellationToken: cancellationToken);

        async Task Queue(string name, string exchange, string key, Dictionary<string, object?> arguments)
        {
            await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
            await channel.QueueBindAsync(name, exchange, key, cancellationToken: cancellationToken);
        }
    }

    private static Dictionary<string, object?> Quorum(int deliveryLimit) => new()
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = deliveryLimit,
    };

    /// <summary>At-least-once: a dead letter leaves its queue only when the other one has it. The broker demands reject-publish for that.</summary>
    private static Dictionary<string, object?> DeadLetteredTo(string exchange, int deliveryLimit) => new(Quorum(deliveryLimit))
    {
        ["x-dead-letter-exchange"] = exchange,
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
    };
}
