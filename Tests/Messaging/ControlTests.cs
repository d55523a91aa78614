using System.Collections.Concurrent;
using AspireFeedback.Messaging;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

public class ControlTests(RabbitMqServer server) : BrokerTest(server)
{
    [Fact]
    public async Task A_late_reader_hears_the_past_then_that_it_has_caught_up_then_what_is_new()
    {
        var web = await ConnectedTransportAsync();
        foreach (var i in Enumerable.Range(0, 1200))
        {
            if (i % 100 == 99)
            {
                await Task.WhenAll(Enumerable.Range(i - 99, 100).Select(n => web.SendControlAsync(Stop($"past {n}"), Cancellation)));
            }
        }

        var heard = new ConcurrentQueue<string>();
        await using var subscription = await Transport().ReceiveControlAsync(Hear, Cancellation);
        await subscription.CaughtUp.WaitAsync(Deadline, Cancellation);

        heard.Order().ShouldBe(Enumerable.Range(0, 1200).Select(n => $"past {n}").Order());

        await web.SendControlAsync(Stop("live"), Cancellation);
        await UntilAsync(() => heard.Last() == "live");
        heard.Count.ShouldBe(1201);

        Task Hear(Message message, CancellationToken cancellationToken)
        {
            heard.Enqueue(TextOf(message));
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_reader_of_an_empty_stream_has_caught_up()
    {
        await using var subscription = await Transport().ReceiveControlAsync((_, _) => throw new InvalidOperationException(), Cancellation);

        await subscription.CaughtUp.WaitAsync(Deadline, Cancellation);
    }

    [Fact]
    public async Task Every_reader_hears_everything()
    {
        var web = await ConnectedTransportAsync();
        var heard = new ConcurrentBag<string>[] { [], [], [] };
        foreach (var ears in heard)
        {
            var subscription = Keep(await Transport().ReceiveControlAsync(
                (message, _) =>
                {
                    ears.Add(TextOf(message));
                    return Task.CompletedTask;
                },
                Cancellation));
            await subscription.CaughtUp.WaitAsync(Deadline, Cancellation);
        }

        await web.SendControlAsync(Stop("all"), Cancellation);

        await UntilAsync(() => heard.All(ears => ears.Contains("all")));
    }

    [Fact]
    public async Task A_handler_that_throws_does_not_deafen_the_reader()
    {
        var transport = await ConnectedTransportAsync();
        var heard = new ConcurrentQueue<string>();
        await using var subscription = await transport.ReceiveControlAsync(
            (message, _) =>
            {
                heard.Enqueue(TextOf(message));
                return TextOf(message) == "bad" ? throw new InvalidOperationException("bad") : Task.CompletedTask;
            },
            Cancellation);

        await transport.SendControlAsync(Stop("bad"), Cancellation);
        await transport.SendControlAsync(Stop("good"), Cancellation);

        await UntilAsync(() => heard.Contains("good"));
    }

    private static Message Stop(string text) => Work(text) with { Type = MessageTypes.Stop };
}
