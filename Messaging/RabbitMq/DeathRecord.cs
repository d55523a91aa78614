using System.Collections;
using RabbitMQ.Client;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>What the broker wrote onto a dead letter: why it gave up, and on which queue.</summary>
internal readonly record struct DeathRecord(string? Reason, string? Queue)
{
    private static readonly string[] Reasons = ["delivery_limit", "rejected", "expired", "maxlen"];

    /// <summary>The newest entry of <c>x-death</c>, which the broker puts first; whatever does not look like it reads as unknown.</summary>
    public static DeathRecord Read(IReadOnlyBasicProperties properties) =>
        properties.Headers is { } headers && headers.TryGetValue("x-death", out var deaths)
        && deaths is IList { Count: > 0 } list && list[0] is IDictionary<string, object?> newest
            ? new(Array.Find(Reasons, reason => reason == Text(newest, "reason")), Text(newest, "queue"))
            : default;

    private static string? Text(IDictionary<string, object?> table, string key) =>
        table.TryGetValue(key, out var value) && HeaderValue.TryText(value, out var text) ? text : null;
}
