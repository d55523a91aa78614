using System.Collections.Concurrent;
using AspireFeedback.Messaging;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

public class ReceivingReportsTests(RabbitMqServer server) : BrokerTest(server)
{
    [Fact]
    public async Task Reports_come_in_batches_and_are_acknowledged_after_their_handler()
    {
        var transport = await ConnectedTransportAsync();
        await SendAsync(transport, 250);
        var release = new TaskCompletionSource();
        var sizes = new ConcurrentQueue<int>();
        var texts = new ConcurrentBag<string>();
        var subscription = await transport.ReceiveReportsAsync(
            100,
            async (batch, cancellation) =>
            {
                sizes.Enqueue(batch.Count);
                await release.Task.WaitAsync(cancellation);
                texts.AddAll(batch.Select(delivery => TextOf(delivery.Message)));
            },
            Cancellation);

        await UntilAsync(() => !sizes.IsEmpty);
        if (CountsExactly)
            await UntilAsync(async () => await transport.CountReadyReportsAsync(Cancellation) == 50); // 2 × 100 are fetched
        sizes.Count.ShouldBe(1, "one batch at a time");
        release.SetResult();
        await UntilAsync(() => texts.Count >= 250);
        await subscription.DisposeAsync();

        texts.Order().ShouldBe(Enumerable.Range(0, 250).Select(Text).Order());
        sizes.ShouldAllBe(size => size <= 100);
        (await transport.CountReadyReportsAsync(Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_whose_handler_throws_comes_back_marked_as_redelivered()
    {
        var transport = await ConnectedTransportAsync();
        var calls = new ConcurrentQueue<IReadOnlyList<Delivery>>();
        await using var subscription = await transport.ReceiveReportsAsync(
            10,
            (batch, _) =>
            {
                calls.Enqueue(batch);
                return calls.Count == 1 ? throw new InvalidOperationException("The database is away.") : Task.CompletedTask;
            },
            Cancellation);

        await transport.SendReportAsync(Report("again"), Cancellation);
        await UntilAsync(() => calls.Count == 2);

        var second = calls.Last().ShouldHaveSingleItem();
        TextOf(second.Message).ShouldBe("again");
        second.Redelivered.ShouldBeTrue();
        second.EarlierDeliveries.ShouldBe(1);
        calls.First()[0].Redelivered.ShouldBeFalse();
    }

    [Fact]
    public async Task A_handler_that_keeps_throwing_is_not_called_in_a_hot_loop()
    {
        var transport = await ConnectedTransportAsync(options => options.HandlerBackoff = TimeSpan.FromMilliseconds(200));
        var calls = new ConcurrentQueue<DateTimeOffset>();
        await using var subscription = await transport.ReceiveReportsAsync(
            10,
            (_, _) =>
            {
                calls.Enqueue(DateTimeOffset.UtcNow);
                throw new InvalidOperationException("The database is away.");
            },
            Cancellation);

        await transport.SendReportAsync(Report(), Cancellation);
        await UntilAsync(() => calls.Count >= 4);

        // Half of each wait of 200, 400 and 800 ms is random.
        (calls.ElementAt(3) - calls.First()).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(650));
    }

    [Fact]
    public async Task What_one_consumer_has_not_finished_when_it_stops_another_one_gets()
    {
        var transport = await ConnectedTransportAsync();
        await SendAsync(transport, 40);
        var first = new ConcurrentBag<string>();
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var stopping = await transport.ReceiveReportsAsync(
            10,
            async (batch, cancellation) =>
            {
                entered.TrySetResult();
                await release.Task.WaitAsync(cancellation);
                first.AddAll(batch.Select(delivery => TextOf(delivery.Message)));
            },
            Cancellation);
        await entered.Task.WaitAsync(Deadline, Cancellation);
        await stopping.StopTakingAsync(Cancellation);
        release.SetResult();
        await stopping.DisposeAsync();

        var second = new ConcurrentBag<string>();
        await using var other = await transport.ReceiveReportsAsync(
            10,
            (batch, _) =>
            {
                second.AddAll(batch.Select(delivery => TextOf(delivery.Message)));
                return Task.CompletedTask;
            },
            Cancellation);
        await UntilAsync(() => first.Count + second.Count >= 40);

        first.Count.ShouldBeLessThanOrEqualTo(10);
        first.Concat(second).Order().ShouldBe(Enumerable.Range(0, 40).Select(Text).Order());
    }

    private static string Text(int i) => $"report {i}";

    private static Task SendAsync(ITransport transport, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => transport.SendReportAsync(Report(Text(i)), Cancellation)));
}
