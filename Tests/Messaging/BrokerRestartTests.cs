using System.Collections.Concurrent;
using AspireFeedback.Messaging;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

public class BrokerRestartTests(RabbitMqServer server) : BrokerTest(server)
{
    [Fact]
    public async Task Nothing_is_lost_when_the_broker_stops_or_is_killed_in_the_middle_and_comes_back()
    {
        var web = await ConnectedTransportAsync();
        var backend = await ConnectedTransportAsync();
        var reconnects = 0;
        web.Connected += () => Interlocked.Increment(ref reconnects);
        var handled = new ConcurrentDictionary<Guid, bool>();
        await using var subscription = await backend.ReceiveWorkAsync(
            Kind,
            4,
            async (delivery, _) =>
            {
                handled.TryAdd(delivery.Message.MessageId, true);
                await delivery.AcknowledgeAsync();
            },
            Cancellation);
        var heard = new ConcurrentBag<string>();
        await using var control = await backend.ReceiveControlAsync(
            (message, _) =>
            {
                heard.Add(TextOf(message));
                return Task.CompletedTask;
            },
            Cancellation);
        await control.CaughtUp.WaitAsync(Deadline, Cancellation);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var sending = SendAsync(web, enough.Token);

        // In this order: killed in the first second after its declaration, a quorum queue of RabbitMQ 3.10 would be without a leader for ever.
        foreach (var end in (Func<CancellationToken, Task>[])[Server.StopAsync, Server.KillAsync])
        {
            var before = handled.Count;
            await UntilAsync(() => handled.Count > before + 200);
            await end(Cancellation);
            await UntilAsync(() => !web.IsConnected);
            (await web.SendWorkAsync([new(Kind, Work())], Cancellation)).ShouldBe([SendOutcome.Failed]);

            // Somebody who starts meanwhile has to be patient, but not to be started again.
            var late = Transport();
            await using var lateControl = await late.ReceiveControlAsync((_, _) => Task.CompletedTask, Cancellation);

            await Server.StartAsync(Cancellation);
            await UntilAsync(() => web.IsConnected && late.IsConnected);
            await lateControl.CaughtUp.WaitAsync(Deadline, Cancellation);
        }

        await enough.CancelAsync();
        var confirmed = await sending;
        await UntilAsync(() => confirmed.All(handled.ContainsKey));
        await web.SendControlAsync(Work("after") with { Type = MessageTypes.Stop }, Cancellation);
        await UntilAsync(() => heard.Contains("after"));
        reconnects.ShouldBe(2);
    }

    private async Task<List<Guid>> SendAsync(ITransport transport, CancellationToken enough)
    {
        var confirmed = new List<Guid>();
        while (!enough.IsCancellationRequested)
        {
            WorkToSend[] batch = [.. Enumerable.Range(0, 20).Select(_ => new WorkToSend(Kind, Work()))];
            var outcomes = await transport.SendWorkAsync(batch, Cancellation);
            confirmed.AddRange(batch.Where((_, i) => outcomes[i] == SendOutcome.Confirmed).Select(work => work.Message.MessageId));
            await Task.Delay(5, Cancellation);
        }

        return confirmed;
    }
}
