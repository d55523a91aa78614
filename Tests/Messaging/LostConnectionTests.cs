using System.Collections.Concurrent;
using AspireFeedback.Messaging;
using AspireFeedback.Messaging.RabbitMq;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

public class LostConnectionTests(RabbitMqServer server) : BrokerTest(server)
{
    [Fact]
    public async Task An_acknowledgement_that_comes_after_a_reconnect_settles_nothing()
    {
        await using var proxy = new CuttableProxy(Server.ConnectionString);
        var transport = await ConnectedTransportAsync(options => options.ConnectionString = proxy.ConnectionString);
        var deliveries = new ConcurrentQueue<(Delivery Delivery, CancellationToken Lost)>();
        await using var subscription = await transport.ReceiveWorkAsync(
            Kind,
            1,
            async (delivery, lost) =>
            {
                deliveries.Enqueue((delivery, lost));
                await Task.Delay(Timeout.Infinite, lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            },
            Cancellation);
        await transport.SendWorkAsync([new(Kind, Work())], Cancellation);
        await UntilAsync(() => deliveries.Count == 1);

        proxy.Cut();
        await UntilAsync(() => deliveries.Count == 2);
        deliveries.First().Lost.IsCancellationRequested.ShouldBeTrue();
        deliveries.Last().Lost.IsCancellationRequested.ShouldBeFalse();
        deliveries.Last().Delivery.Redelivered.ShouldBeTrue();

        // Both are the first delivery of their channel: sent over the new one, this would settle what is still being handled.
        await deliveries.First().Delivery.AcknowledgeAsync();
        await deliveries.First().Delivery.DeadLetterAsync();
        proxy.Cut();
        await UntilAsync(() => deliveries.Count == 3);
    }

    [Fact]
    public async Task What_a_worker_had_when_it_died_has_come_back_once_however_many_places_it_had()
    {
        const int Places = 100;
        const int Taken = 8;
        await using var proxy = new CuttableProxy(Server.ConnectionString);
        var dying = await ConnectedTransportAsync(options => options.ConnectionString = proxy.ConnectionString);
        var survivor = await ConnectedTransportAsync();
        var taken = 0;
        var inherited = new ConcurrentBag<int>();
        await using var until = await dying.ReceiveWorkAsync(
            Kind,
            Places,
            async (_, lost) =>
            {
                Interlocked.Increment(ref taken);
                await Task.Delay(Timeout.Infinite, lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            },
            Cancellation);
        await survivor.SendWorkAsync([.. Enumerable.Range(0, Taken).Select(n => new WorkToSend(Kind, Work($"{n}")))], Cancellation);
        await UntilAsync(() => taken == Taken);
        await using var after = await survivor.ReceiveWorkAsync(
            Kind,
            Places,
            async (delivery, _) =>
            {
                inherited.Add(delivery.EarlierDeliveries);
                await delivery.AcknowledgeAsync();
            },
            Cancellation);

        await proxy.DisposeAsync();

        await UntilAsync(() => inherited.Count == Taken);
        inherited.ShouldAllBe(earlier => earlier == 1);
    }

    [Fact]
    public async Task Work_acknowledged_before_the_cut_does_not_come_again()
    {
        await using var proxy = new CuttableProxy(Server.ConnectionString);
        var transport = await ConnectedTransportAsync(options => options.ConnectionString = proxy.ConnectionString);
        var handled = new ConcurrentBag<string>();
        await using var subscription = await transport.ReceiveWorkAsync(Kind, 3, HandleAsync, Cancellation);
        await SendAsync(transport, "before");
        await UntilAsync(() => handled.Count == 1);
        await UntilAsync(async () => await transport.CountReadyWorkAsync(Kind, Cancellation) == 0);

        proxy.Cut();
        await UntilAsync(async () => (await SendAsync(transport, "after"))[0] == SendOutcome.Confirmed);
        await UntilAsync(() => handled.Contains("after"));

        handled.Count(text => text == "before").ShouldBe(1);

        async Task HandleAsync(Delivery delivery, CancellationToken cancellation)
        {
            handled.Add(TextOf(delivery.Message));
            await delivery.AcknowledgeAsync();
        }
    }

    [Fact]
    public async Task Nothing_is_lost_while_connections_break_again_and_again()
    {
        await using var proxy = new CuttableProxy(Server.ConnectionString);
        var transport = await ConnectedTransportAsync(options => options.ConnectionString = proxy.ConnectionString);
        var connected = 0;
        transport.Connected += () => Interlocked.Increment(ref connected);
        var work = new ConcurrentDictionary<string, bool>();
        var reports = new ConcurrentDictionary<string, bool>();
        await using var receivingWork = await transport.ReceiveWorkAsync(
            Kind,
            8,
            async (delivery, cancellation) =>
            {
                await SendReportStubbornlyAsync(transport, delivery.Message.Reply(MessageTypes.Report, delivery.Message.Body), cancellation);
                work.TryAdd(TextOf(delivery.Message), true);
                await delivery.AcknowledgeAsync();
            },
            Cancellation);
        await using var receivingReports = await transport.ReceiveReportsAsync(
            50,
            (batch, _) =>
            {
                foreach (var delivery in batch)
                {
                    reports.TryAdd(TextOf(delivery.Message), true);
                }

                return Task.CompletedTask;
            },
            Cancellation);

        for (var round = 0; round < 6; round++)
        {
            string[] texts = [.. Enumerable.Range(0, 200).Select(i => $"{round}-{i}")];
            var sending = SendUntilConfirmedAsync(transport, texts);
            await UntilAsync(() => reports.Count > (round * 200) + 30);
            proxy.Cut();
            await sending;
        }

        await UntilAsync(() => work.Count == 1200 && reports.Count == 1200);
        connected.ShouldBeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public async Task A_reader_of_control_goes_on_after_a_cut()
    {
        await using var proxy = new CuttableProxy(Server.ConnectionString);
        var transport = await ConnectedTransportAsync(options => options.ConnectionString = proxy.ConnectionString);
        var heard = new ConcurrentQueue<string>();
        await using var subscription = await transport.ReceiveControlAsync(
            (message, _) =>
            {
                heard.Enqueue(TextOf(message));
                return Task.CompletedTask;
            },
            Cancellation);
        await subscription.CaughtUp.WaitAsync(Deadline, Cancellation);

        proxy.Cut();
        var direct = await ConnectedTransportAsync();
        await direct.SendControlAsync(Work("while it was away") with { Type = MessageTypes.Stop }, Cancellation);

        await UntilAsync(() => heard.Contains("while it was away"));
    }

    [Fact]
    public async Task A_queue_that_somebody_deletes_is_declared_and_consumed_again()
    {
        var transport = await ConnectedTransportAsync();
        var handled = new ConcurrentBag<string>();
        await using var subscription = await transport.ReceiveWorkAsync(
            Kind,
            2,
            async (delivery, _) =>
            {
                handled.Add(TextOf(delivery.Message));
                await delivery.AcknowledgeAsync();
            },
            Cancellation);
        await UntilAsync(async () => (await SendAsync(transport, "before"))[0] == SendOutcome.Confirmed);
        await UntilAsync(() => handled.Contains("before"));

        var channel = await RawChannelAsync();
        await channel.QueueDeleteAsync(Topology.QueueOf(Kind), ifUnused: false, ifEmpty: false, cancellationToken: Cancellation);
        await UntilAsync(async () => (await SendAsync(transport, "after"))[0] == SendOutcome.Confirmed);

        await UntilAsync(() => handled.Contains("after"));
    }

    private Task<IReadOnlyList<SendOutcome>> SendAsync(ITransport transport, string text) =>
        transport.SendWorkAsync([new(Kind, Work(text))], Cancellation);

    private async Task SendUntilConfirmedAsync(ITransport transport, string[] texts)
    {
        for (var left = texts; left.Length > 0;)
        {
            var outcomes = await transport.SendWorkAsync([.. left.Select(text => new WorkToSend(Kind, Work(text)))], Cancellation);
            left = [.. left.Where((_, i) => outcomes[i] != SendOutcome.Confirmed)];
            await Task.Yield();
        }
    }

    private static async Task SendReportStubbornlyAsync(ITransport transport, Message report, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await transport.SendReportAsync(report, cancellationToken);
                return;
            }
            catch (TransportUnavailableException)
            {
                await Task.Delay(20, cancellationToken);
            }
        }
    }
}
