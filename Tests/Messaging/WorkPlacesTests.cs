using System.Collections.Concurrent;
using AspireFeedback.Messaging;
using AspireFeedback.Messaging.RabbitMq;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

/// <summary>How many handlers run at once, and what waits behind them.</summary>
public class WorkPlacesTests(RabbitMqServer server) : BrokerTest(server)
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
    public async Task While_it_is_paused_nothing_new_comes_and_what_runs_goes_on()
    {
        var transport = await ConnectedTransportAsync();
        var started = new ConcurrentQueue<string>();
        using var mayEnd = new SemaphoreSlim(0);
        await using var subscription = await transport.ReceiveWorkAsync(
            Kind,
            4,
            async (delivery, cancellation) =>
            {
                started.Enqueue(TextOf(delivery.Message));
                await mayEnd.WaitAsync(cancellation);
                await delivery.AcknowledgeAsync();
            },
            Cancellation);
        await SendAsync(transport, 2);
        await UntilAsync(() => started.Count == 2);

        await subscription.PauseAsync(Cancellation);
        mayEnd.Release(2);
        await SendAsync(transport, 20);
        await UntilAsync(async () => await transport.CountReadyWorkAsync(Kind, Cancellation) == 20);
        started.Count.ShouldBe(2);

        await subscription.ResumeAsync(Cancellation);
        await UntilAsync(() => started.Count == 6);
        (await transport.CountReadyWorkAsync(Kind, Cancellation)).ShouldBe(16, "as many run as there are places");
        mayEnd.Release(20);
        await UntilAsync(() => started.Count == 22);
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
