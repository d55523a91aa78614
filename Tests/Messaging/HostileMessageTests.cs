using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using AspireFeedback.Messaging;
using AspireFeedback.Messaging.RabbitMq;
using RabbitMQ.Client;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

public class HostileMessageTests(RabbitMqServer server) : BrokerTest(server)
{
    private static readonly string Id = Guid.CreateVersion7().ToString();

    private static (BasicProperties Properties, byte[] Body)[] Hostile =>
    [
        (new(), "{}"u8.ToArray()),
        (new() { CorrelationId = "not-a-uuid", Type = "report" }, "{}"u8.ToArray()),
        (new() { CorrelationId = Id, Type = "report" }, "not json"u8.ToArray()),
        (new() { CorrelationId = Id, Type = "report" }, []),
        (new() { CorrelationId = Id, Type = "report", Headers = Headers("feedback-attempt", "three") }, "{}"u8.ToArray()),
        (new() { CorrelationId = Id, Type = "report", Headers = Headers("feedback-run", new List<object?> { 1, "x" }) }, "{}"u8.ToArray()),
        (new() { CorrelationId = Id, Type = "report", Headers = Headers("feedback-deadline", new Dictionary<string, object?> { ["a"] = 1 }) }, "{}"u8.ToArray()),
        (new() { CorrelationId = Id, Type = "report" }, Encoding.UTF8.GetBytes($"\"{new string('x', 200_000)}\"")),
        (new() { CorrelationId = Id, Type = "report" }, Encoding.UTF8.GetBytes(new string('[', 10_000))),
    ];

    [Fact]
    public async Task Hostile_reports_go_to_their_dead_letters_and_the_next_report_is_taken()
    {
        using var malformed = new MalformedCounter(Topology.ReportsQueue);
        var transport = await ConnectedTransportAsync(options => options.MaxBodyBytes = 100_000);
        var taken = new ConcurrentBag<string>();
        await using var subscription = await transport.ReceiveReportsAsync(
            100,
            (batch, _) =>
            {
                taken.AddAll(batch.Select(delivery => TextOf(delivery.Message)));
                return Task.CompletedTask;
            },
            Cancellation);

        await PublishAsync(Topology.Reports, Topology.ReportsQueue);
        await transport.SendReportAsync(Report("good"), Cancellation);

        await UntilAsync(() => taken.Contains("good"));
        await UntilAsync(async () => await CountAsync(Topology.DeadReportsQueue) == Hostile.Length);
        taken.ShouldHaveSingleItem();
        malformed.Count.ShouldBe(Hostile.Length);
    }

    [Fact]
    public async Task Hostile_work_dies_and_its_request_hears_of_it_if_it_names_one()
    {
        using var malformed = new MalformedCounter(Topology.DeadQueue);
        var transport = await ConnectedTransportAsync(options => options.MaxBodyBytes = 100_000);
        var taken = new ConcurrentBag<string>();
        await using var working = await transport.ReceiveWorkAsync(
            Kind,
            4,
            async (delivery, _) =>
            {
                taken.Add(TextOf(delivery.Message));
                await delivery.AcknowledgeAsync();
            },
            Cancellation);
        var dead = new ConcurrentBag<Delivery>();
        await using var burying = await transport.ReceiveDeadAsync(
            (delivery, _) =>
            {
                dead.Add(delivery);
                return Task.CompletedTask;
            },
            Cancellation);

        await PublishAsync(Topology.Requests, Kind);
        await transport.SendWorkAsync([new(Kind, Work("good"))], Cancellation);

        await UntilAsync(() => taken.Contains("good"));
        await UntilAsync(() => malformed.Count == 6); // no id at all, no UUID, three headers that cannot be read, one too large
        await UntilAsync(() => dead.Count == 3); // three bodies that are not JSON
        dead.ShouldAllBe(delivery => delivery.Message.RequestId == Guid.Parse(Id) && delivery.DeathReason == "rejected" && delivery.Kind == Kind);
        await UntilAsync(async () => await CountAsync(Topology.DeadQueue) == 0);
    }

    [Fact]
    public async Task A_hostile_control_message_is_passed_over()
    {
        var transport = await ConnectedTransportAsync(options => options.MaxBodyBytes = 100_000);
        var heard = new ConcurrentQueue<string>();
        await PublishAsync(Topology.Control, "");
        await transport.SendControlAsync(Work("good") with { Type = MessageTypes.Stop }, Cancellation);

        await using var subscription = await transport.ReceiveControlAsync(
            (message, _) =>
            {
                heard.Enqueue(TextOf(message));
                return Task.CompletedTask;
            },
            Cancellation);
        await subscription.CaughtUp.WaitAsync(Deadline, Cancellation);

        // A stream drops headers that are lists or tables, so those two are heard as good ones.
        heard.ShouldBe(["{}", "{}", "good"]);
    }

    private static Dictionary<string, object?> Headers(string name, object value) => new() { [name] = value };

    private async Task PublishAsync(string exchange, string key)
    {
        var connection = Keep(await ConnectAsync());
        var channel = Keep(await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancellation));
        foreach (var (properties, body) in Hostile)
        {
            await channel.BasicPublishAsync(exchange, key, mandatory: true, properties, body, Cancellation);
        }
    }

    private async Task<uint> CountAsync(string queue)
    {
        var channel = await RawChannelAsync();
        return await channel.MessageCountAsync(queue, Cancellation);
    }

    private sealed class MalformedCounter : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public MalformedCounter(string queue)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == MessagingTelemetry.Name && instrument.Name == "feedback.messaging.malformed")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, measurement, tags, _) =>
            {
                if (tags.ToArray().Contains(new("queue", queue)))
                {
                    Interlocked.Add(ref _count, measurement);
                }
            });
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
