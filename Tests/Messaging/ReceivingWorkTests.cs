using System.Collections.Concurrent;
using System.Diagnostics;
using AspireFeedback.Messaging;
using AspireFeedback.Messaging.RabbitMq;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

public class ReceivingWorkTests(RabbitMqServer server) : BrokerTest(server)
{
    [Fact]
    public async Task No_more_handlers_run_than_the_concurrency_and_each_message_is_handled_once()
    {
        var transport = await ConnectedTransportAsync();
        var handled = new ConcurrentBag<string>();
        var running = 0;
        var most = 0;
        await SendAsync(transport, 200);
        var subscription = await transport.ReceiveWorkAsync(
            Kind,
            4,
            async (delivery, cancellation) =>
            {
                var now = Interlocked.Increment(ref running);
                most = Math.Max(most, now);
                await Task.Delay(1, cancellation);
                handled.Add(TextOf(delivery.Message));
                Interlocked.Decrement(ref running);
                await delivery.AcknowledgeAsync();
            },
            Cancellation);

        await UntilAsync(() => handled.Count >= 200);
        await subscription.DisposeAsync();

        handled.Order().ShouldBe(Enumerable.Range(0, 200).Select(Text).Order());
        most.ShouldBe(4);
        (await transport.CountReadyWorkAsync(Kind, Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task Who_stops_taking_again_and_again_has_no_message_given_up()
    {
        const int sent = 400;
        var transport = await ConnectedTransportAsync();
        var handled = 0;
        var dead = await DeadAsync();
        await SendAsync(transport, sent);
        for (var round = 1; round <= 6; round++)
        {
            await using var subscription = await transport.ReceiveWorkAsync(
                Kind,
                64,
                async (delivery, _) =>
                {
                    await Task.Delay(20, CancellationToken.None);
                    await delivery.AcknowledgeAsync();
                    Interlocked.Increment(ref handled);
                },
                Cancellation);
            await UntilAsync(() => Volatile.Read(ref handled) >= round * 20);
        }

        await UntilAsync(async () => await transport.CountReadyWorkAsync(Kind, Cancellation) + Volatile.Read(ref handled) == sent);
        (await DeadAsync()).ShouldBe(dead);
    }

    [Fact]
    public async Task A_handler_that_throws_gives_its_delivery_back()
    {
        var transport = await ConnectedTransportAsync();
        var deliveries = new ConcurrentQueue<Delivery>();
        await using var subscription = await transport.ReceiveWorkAsync(
            Kind,
            1,
            async (delivery, _) =>
            {
                deliveries.Enqueue(delivery);
                if (deliveries.Count == 1)
                {
                    throw new InvalidOperationException("Not this time.");
                }

                await delivery.AcknowledgeAsync();
            },
            Cancellation);

        await SendAsync(transport, 1);
        await UntilAsync(() => deliveries.Count == 2);

        deliveries.First().Redelivered.ShouldBeFalse();
        deliveries.Last().Redelivered.ShouldBeTrue();
        deliveries.Last().EarlierDeliveries.ShouldBe(1);
    }

    [Fact]
    public async Task Settling_twice_does_no_harm()
    {
        var transport = await ConnectedTransportAsync();
        var handled = new ConcurrentBag<string>();
        await using var subscription = await transport.ReceiveWorkAsync(
            Kind,
            2,
            async (delivery, _) =>
            {
                await delivery.AcknowledgeAsync();
                await delivery.ReturnAsync();
                await delivery.AcknowledgeAsync();
                handled.Add(TextOf(delivery.Message));
                delivery.Redelivered.ShouldBeFalse();
            },
            Cancellation);

        await SendAsync(transport, 50);
        await UntilAsync(() => handled.Count >= 50);

        handled.Distinct().Count().ShouldBe(50);
    }

    [Fact]
    public async Task No_message_waits_behind_a_handler_that_goes_on_after_its_acknowledgement()
    {
        var transport = await ConnectedTransportAsync();
        var release = new TaskCompletionSource();
        var started = new ConcurrentBag<string>();
        var subscription = await transport.ReceiveWorkAsync(Kind, 2, LongRunningAsync, Cancellation);
        await SendAsync(transport, 2);
        await UntilAsync(() => started.Count == 2);
        await UntilAsync(async () => await ConsumersAsync() == 0);

        await SendAsync(transport, 3);
        (await transport.CountReadyWorkAsync(Kind, Cancellation)).ShouldBe(3, "both places are taken");
        await using var idle = await Transport().ReceiveWorkAsync(Kind, 1, LongRunningAsync, Cancellation);
        await UntilAsync(() => started.Count == 3);

        release.SetResult();
        await UntilAsync(() => started.Count == 5);
        await subscription.DisposeAsync();

        async Task LongRunningAsync(Delivery delivery, CancellationToken cancellation)
        {
            started.Add(TextOf(delivery.Message));
            await delivery.AcknowledgeAsync();
            await release.Task.WaitAsync(cancellation);
        }
    }

    [Fact]
    public async Task Disposal_waits_for_handlers_but_not_for_ever()
    {
        var transport = await ConnectedTransportAsync(options => options.DrainTimeout = TimeSpan.FromMilliseconds(300));
        await SendAsync(transport, 1);
        var entered = new TaskCompletionSource();
        var lost = new TaskCompletionSource();
        var subscription = await transport.ReceiveWorkAsync(
            Kind,
            1,
            async (_, cancellation) =>
            {
                entered.SetResult();
                await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                lost.SetResult();
            },
            Cancellation);
        await entered.Task.WaitAsync(Deadline, Cancellation);

        await subscription.DisposeAsync();

        await lost.Task.WaitAsync(Deadline, Cancellation);
        await UntilAsync(async () => await transport.CountReadyWorkAsync(Kind, Cancellation) == 1);
    }

    [Fact]
    public async Task Handling_goes_on_in_the_trace_of_the_sender()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MessagingTelemetry.Name || source.Name.StartsWith("RabbitMQ.Client", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == MessagingTelemetry.Name)
                {
                    ended.Enqueue(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var transport = await ConnectedTransportAsync();
        var work = Work() with { TraceParent = Trace };
        Activity? inside = null;
        await using var subscription = await transport.ReceiveWorkAsync(
            Kind,
            1,
            async (delivery, _) =>
            {
                inside = Activity.Current;
                await delivery.AcknowledgeAsync();
            },
            Cancellation);

        await transport.SendWorkAsync([new(Kind, work)], Cancellation);
        await UntilAsync(() => ended.Count(activity => activity.TraceId.ToHexString() == "0af7651916cd43dd8448eb211c80319c") == 2);

        var send = ended.Single(activity => activity.Kind == ActivityKind.Producer && (Guid?)activity.GetTagItem("messaging.message.id") == work.MessageId);
        var process = ended.Single(activity => activity.Kind == ActivityKind.Consumer && (Guid?)activity.GetTagItem("messaging.message.id") == work.MessageId);
        send.ParentSpanId.ToHexString().ShouldBe("b7ad6b7169203331");
        process.ParentSpanId.ShouldBe(send.SpanId);
        inside.ShouldBe(process);
    }

    private static string Text(int i) => $"work {i}";

    private async Task SendAsync(ITransport transport, int count) =>
        await transport.SendWorkAsync([.. Enumerable.Range(0, count).Select(i => new WorkToSend(Kind, Work(Text(i))))], Cancellation);

    private async Task<uint> DeadAsync() => await (await RawChannelAsync()).MessageCountAsync(Topology.DeadQueue, Cancellation);

    private async Task<uint> ConsumersAsync()
    {
        var channel = await RawChannelAsync();
        return await channel.ConsumerCountAsync(Topology.QueueOf(Kind), Cancellation);
    }
}
