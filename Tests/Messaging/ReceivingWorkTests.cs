using System.Collections.Concurrent;
using System.Diagnostics;
using AspireFeedback.Messaging;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

/// <summary>One delivery of work, and how it is settled.</summary>
public class ReceivingWorkTests(RabbitMqServer server) : BrokerTest(server)
{
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

        await transport.SendWorkAsync([new(Kind, Work())], Cancellation);
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

        await transport.SendWorkAsync([.. Enumerable.Range(0, 50).Select(i => new WorkToSend(Kind, Work($"work {i}")))], Cancellation);
        await UntilAsync(() => handled.Count >= 50);

        handled.Distinct().Count().ShouldBe(50);
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
}
