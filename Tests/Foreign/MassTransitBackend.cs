using MassTransit;

namespace AspireFeedback.Tests.Foreign;

// The shapes of docs/protocol.md as somebody else would write them.
internal sealed record EchoWork(EchoPayload Payload);

internal sealed record EchoPayload(string Text, int? DelayMs, int? Steps, int? FailTimes);

internal sealed record EchoReport
{
    public string? Worker { get; init; }

    public EchoStarted? Started { get; init; }

    public EchoProgress? Progress { get; init; }

    public EchoOutcome? Outcome { get; init; }
}

internal sealed record EchoStarted(string Endpoint, bool Redelivered);

internal sealed record EchoProgress(int Sequence, double Percent, string Message);

internal sealed record EchoOutcome(string Type)
{
    public EchoPayload? Result { get; init; }

    public EchoError? Error { get; init; }
}

internal sealed record EchoError(string Type, string Title);

/// <summary>The kind "echo" with MassTransit: raw JSON, no envelope, the queue declared as Web does.</summary>
internal static class MassTransitBackend
{
    public static IBusControl Create(Uri broker) => Bus.Factory.CreateUsingRabbitMq(rabbit =>
    {
        var user = broker.UserInfo.Split(':', 2);
        rabbit.Host(broker.Host, (ushort)broker.Port, "/", host =>
        {
            host.Username(Uri.UnescapeDataString(user[0]));
            host.Password(Uri.UnescapeDataString(user[1]));
        });
        rabbit.UseRawJsonSerializer(RawSerializerOptions.AnyMessageType, isDefault: true);
        rabbit.ReceiveEndpoint("requests.echo", endpoint =>
        {
            endpoint.ConfigureConsumeTopology = false;
            endpoint.SetQueueArgument("x-queue-type", "quorum");
            endpoint.SetQueueArgument("x-delivery-limit", 3);
            endpoint.SetQueueArgument("x-dead-letter-exchange", "feedback.dead");
            endpoint.SetQueueArgument("x-dead-letter-strategy", "at-least-once");
            endpoint.SetQueueArgument("x-overflow", "reject-publish");
            endpoint.PrefetchCount = 8;
            endpoint.RethrowFaultedMessages();
            endpoint.Handler<EchoWork>(WorkAsync);
        });
    });

    private static async Task WorkAsync(ConsumeContext<EchoWork> work)
    {
        var (text, delayMs, steps, failTimes) = work.Message.Payload;
        var run = NewId.NextGuid();
        await ReportAsync(work, run, new() { Worker = "masstransit/test", Started = new("echo", work.ReceiveContext.Redelivered) });
        for (var step = 1; step <= (steps ?? 0); step++)
        {
            await Task.Delay((delayMs ?? 0) / steps!.Value, work.CancellationToken);
            await ReportAsync(work, run, new() { Progress = new(step, 100.0 * step / steps.Value, $"Step {step}") });
        }

        var attempt = Properties(work).Headers?["feedback-attempt"] as int? ?? 1;
        await ReportAsync(work, run, new()
        {
            Outcome = attempt <= (failTimes ?? 0)
                ? new("failed") { Error = new("/problems/echo-failed", "The echo failed as it was told to.") }
                : new("succeeded") { Result = new(text, null, null, null) },
        });
    }

    private static async Task ReportAsync(ConsumeContext<EchoWork> work, Guid run, EchoReport report)
    {
        var about = Properties(work);
        var endpoint = await work.GetSendEndpoint(new("exchange:feedback.reports?type=direct"));
        await endpoint.Send(report, send =>
        {
            send.CorrelationId = Guid.Parse(about.CorrelationId!);
            send.SetRoutingKey("reports");
            foreach (var name in new[] { "feedback-attempt", "feedback-hop", "traceparent" })
            {
                if (about.Headers?.TryGetValue(name, out var value) == true)
                    send.Headers.Set(name, value is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : value);
            }

            send.Headers.Set("feedback-run", run.ToString());
            if (send is RabbitMqSendContext { BasicProperties: { } properties })
                properties.Type = "report";
        }, work.CancellationToken);
    }

    private static RabbitMQ.Client.IReadOnlyBasicProperties Properties(ConsumeContext work) => work.ReceiveContext.GetPayload<RabbitMqBasicConsumeContext>().Properties;
}
