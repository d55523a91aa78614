using AspireFeedback.Messaging;
using AspireFeedback.Messaging.RabbitMq;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging.Wolverine;

/// <summary>One of the two talks to the other over the same broker, as a Web on Wolverine and a Backend without it do.</summary>
public class DefaultToWolverineTests(RabbitMqServer server) : BrokerTest(server)
{
    [Fact]
    public async Task Work_goes_there_reports_and_dead_letters_come_back_and_an_order_arrives()
    {
        var web = Keep(CreateWeb(new RabbitMqOptions { ConnectionString = Server.ConnectionString, Kinds = [Kind] }));
        var backend = await ConnectedTransportAsync();
        await UntilAsync(() => web.IsConnected);
        var good = Work("good") with { Attempt = 2, Hop = 3, TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
        var (bad, order) = (Work("bad"), Work("stop") with { Type = MessageTypes.Stop });
        var (reported, died, ordered) = (New<Delivery>(), New<Delivery>(), New<Message>());
        await using var control = await backend.ReceiveControlAsync((message, _) => Set(ordered, message), Cancellation);
        await control.CaughtUp.WaitAsync(Deadline, Cancellation);
        await using var work = await backend.ReceiveWorkAsync(Kind, 4, HandleAsync, Cancellation);
        await using var reports = await web.ReceiveReportsAsync(10, (batch, _) => Set(reported, batch[0]), Cancellation);
        await using var dead = await web.ReceiveDeadAsync((delivery, _) => Set(died, delivery), Cancellation);

        (await web.SendWorkAsync([new(Kind, good), new(Kind, bad)], Cancellation)).ShouldBe([SendOutcome.Confirmed, SendOutcome.Confirmed]);
        await web.SendControlAsync(order, Cancellation);

        var report = (await reported.Task.WaitAsync(Deadline, Cancellation)).Message;
        (report.RequestId, report.Attempt, report.Hop, TextOf(report)).ShouldBe((good.RequestId, 2, 3, "good"));
        var letter = await died.Task.WaitAsync(Deadline, Cancellation);
        (letter.Message.MessageId, letter.Kind, letter.DeathReason).ShouldBe((bad.MessageId, Kind, "rejected"));
        (await ordered.Task.WaitAsync(Deadline, Cancellation)).MessageId.ShouldBe(order.MessageId);

        async Task HandleAsync(Delivery delivery, CancellationToken lost)
        {
            if (delivery.Message.MessageId == bad.MessageId)
            {
                await delivery.DeadLetterAsync();
                return;
            }

            await backend.SendReportAsync(delivery.Message.Reply(MessageTypes.Report, delivery.Message.Body), lost);
            await delivery.AcknowledgeAsync();
        }
    }

    private protected override ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) => OnWolverine.Create(options, logs);

    private protected virtual ITransport CreateWeb(RabbitMqOptions options) =>
        new RabbitMqTransport(Options.Create(options), TimeProvider.System, LoggerFactory.Create(_ => { }).CreateLogger<RabbitMqTransport>());

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Task Set<T>(TaskCompletionSource<T> source, T value)
    {
        source.TrySetResult(value);
        return Task.CompletedTask;
    }
}

public sealed class WolverineToDefaultTests(RabbitMqServer server) : DefaultToWolverineTests(server)
{
    private protected override ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) =>
        new RabbitMqTransport(options, TimeProvider.System, logs.CreateLogger<RabbitMqTransport>());

    private protected override ITransport CreateWeb(RabbitMqOptions options) => OnWolverine.Create(Options.Create(options), LoggerFactory.Create(_ => { }));
}
