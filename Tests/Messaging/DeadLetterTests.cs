using System.Collections.Concurrent;
using AspireFeedback.Messaging;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

public class DeadLetterTests(RabbitMqServer server) : BrokerTest(server)
{
    [Fact]
    public async Task Work_that_nobody_can_finish_dies_with_its_reason_and_kind()
    {
        var transport = await ConnectedTransportAsync();
        var work = Work();
        var deliveries = new ConcurrentQueue<Delivery>();
        await using var failing = await transport.ReceiveWorkAsync(
            Kind,
            1,
            (delivery, _) =>
            {
                deliveries.Enqueue(delivery);
                throw new InvalidOperationException("Never.");
            },
            Cancellation);

        await transport.SendWorkAsync([new(Kind, work)], Cancellation);
        var dead = await NextDeadAsync(transport);

        dead.Message.MessageId.ShouldBe(work.MessageId);
        dead.Message.RequestId.ShouldBe(work.RequestId);
        dead.DeathReason.ShouldBe("delivery_limit");
        dead.Kind.ShouldBe(Kind);
        deliveries.Select(delivery => delivery.EarlierDeliveries).ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public async Task Work_that_its_handler_gives_up_on_dies_at_once()
    {
        var transport = await ConnectedTransportAsync();
        await using var refusing = await transport.ReceiveWorkAsync(Kind, 1, async (delivery, _) => await delivery.DeadLetterAsync(), Cancellation);

        await transport.SendWorkAsync([new(Kind, Work())], Cancellation);

        (await NextDeadAsync(transport)).DeathReason.ShouldBe("rejected");
    }

    [Fact]
    public async Task A_dead_letter_whose_handler_throws_comes_again()
    {
        var transport = await ConnectedTransportAsync();
        await using var refusing = await transport.ReceiveWorkAsync(Kind, 1, async (delivery, _) => await delivery.DeadLetterAsync(), Cancellation);
        var deliveries = new ConcurrentQueue<Delivery>();
        await using var burying = await transport.ReceiveDeadAsync(
            (delivery, _) =>
            {
                deliveries.Enqueue(delivery);
                return deliveries.Count == 1 ? throw new InvalidOperationException("The database is away.") : Task.CompletedTask;
            },
            Cancellation);

        await transport.SendWorkAsync([new(Kind, Work())], Cancellation);
        await UntilAsync(() => deliveries.Count == 2);

        deliveries.Last().Redelivered.ShouldBeTrue();
        deliveries.Last().DeathReason.ShouldBe("rejected");
    }

    private static async Task<Delivery> NextDeadAsync(ITransport transport)
    {
        var dead = new TaskCompletionSource<Delivery>();
        await using var subscription = await transport.ReceiveDeadAsync(
            (delivery, _) =>
            {
                dead.TrySetResult(delivery);
                return Task.CompletedTask;
            },
            Cancellation);
        return await dead.Task.WaitAsync(Deadline, Cancellation);
    }
}
