using System.Diagnostics;
using AspireFeedback.Messaging;
using AspireFeedback.Messaging.RabbitMq;
using RabbitMQ.Client;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

public class SendingTests(RabbitMqServer server) : BrokerTest(server)
{
    [Fact]
    public async Task Each_message_of_a_batch_gets_its_own_outcome_in_order()
    {
        var transport = await ConnectedTransportAsync();
        WorkToSend[] batch = [.. Enumerable.Range(0, 500).Select(i => new WorkToSend(i % 5 == 3 ? "nobodys-kind" : i == 7 ? new('x', 300) : Kind, Work()))];

        var outcomes = await transport.SendWorkAsync(batch, Cancellation);

        Initials(outcomes).ShouldBe(Initials(batch.Select(work => work.Kind == Kind ? SendOutcome.Confirmed : SendOutcome.Unroutable)));
        (await transport.CountReadyWorkAsync(Kind, Cancellation)).ShouldBe(batch.Count(work => work.Kind == Kind));
    }

    [Fact]
    public async Task The_same_message_twice_in_one_batch_has_two_outcomes()
    {
        var transport = await ConnectedTransportAsync();
        var work = new WorkToSend("nobodys-kind", Work());

        (await transport.SendWorkAsync([work, work], Cancellation)).ShouldBe([SendOutcome.Unroutable, SendOutcome.Unroutable]);
    }

    [Fact]
    public async Task A_batch_larger_than_the_limit_of_open_confirms_is_sent_all_the_same()
    {
        var transport = await ConnectedTransportAsync(options => options.MaxOutstandingConfirms = 10);

        var outcomes = await transport.SendWorkAsync([.. Enumerable.Range(0, 300).Select(_ => new WorkToSend(Kind, Work()))], Cancellation);

        outcomes.ShouldAllBe(outcome => outcome == SendOutcome.Confirmed);
    }

    [Fact]
    public async Task An_empty_batch_has_no_outcomes() => (await Transport().SendWorkAsync([], Cancellation)).ShouldBeEmpty();

    [Fact]
    public async Task Work_is_kept_for_a_backend_that_has_never_started()
    {
        var web = await ConnectedTransportAsync();
        await web.SendWorkAsync([new(Kind, Work())], Cancellation);
        var taken = new TaskCompletionSource<Delivery>();
        await using var subscription = await Transport().ReceiveWorkAsync(
            Kind,
            1,
            async (delivery, _) =>
            {
                await delivery.AcknowledgeAsync();
                taken.TrySetResult(delivery);
            },
            Cancellation);

        (await taken.Task.WaitAsync(Deadline, Cancellation)).Kind.ShouldBe(Kind);
    }

    [Fact]
    public async Task A_message_too_large_for_the_broker_fails_alone()
    {
        var transport = await ConnectedTransportAsync(options => options.MaxBodyBytes = 1000);
        var large = Work(new('x', 1000));

        var outcomes = await transport.SendWorkAsync([new(Kind, Work()), new(Kind, large), new(Kind, Work())], Cancellation);

        outcomes.ShouldBe([SendOutcome.Confirmed, SendOutcome.Failed, SendOutcome.Confirmed]);
        await Should.ThrowAsync<ArgumentException>(() => transport.SendReportAsync(large, Cancellation));
    }

    [Fact]
    public async Task A_message_that_cannot_be_encoded_fails_alone()
    {
        var transport = await ConnectedTransportAsync();
        var unfit = Work() with { Type = new('x', 300) };

        var outcomes = await transport.SendWorkAsync([new(Kind, Work()), new(Kind, unfit), new(Kind, Work())], Cancellation);

        outcomes.ShouldBe([SendOutcome.Confirmed, SendOutcome.Failed, SendOutcome.Confirmed]);
    }

    [Fact]
    public async Task A_report_that_no_queue_takes_is_not_sent()
    {
        Assert.SkipUnless(PublishesMandatory, "It publishes without asking for what no queue takes.");
        var transport = await ConnectedTransportAsync();
        var channel = await RawChannelAsync();
        await channel.QueueUnbindAsync(Topology.ReportsQueue, Topology.Reports, Topology.ReportsQueue, cancellationToken: Cancellation);

        await Should.ThrowAsync<TransportUnavailableException>(() => transport.SendReportAsync(Report(), Cancellation));
    }

    [Fact]
    public async Task The_headers_on_the_wire_are_the_protocol_and_nothing_else()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("RabbitMQ.Client", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var transport = await ConnectedTransportAsync();
        var work = Work() with { TraceParent = Trace, TraceState = "a=1" };

        await transport.SendWorkAsync([new(Kind, work)], Cancellation);

        var channel = await RawChannelAsync();
        var got = (await channel.BasicGetAsync(Topology.QueueOf(Kind), autoAck: true, Cancellation)).ShouldNotBeNull();
        got.BasicProperties.Headers!.Keys.Except(LibraryHeaders).ShouldBe(["traceparent", "tracestate", "feedback-attempt", "feedback-hop", "x-delivery-count"], ignoreOrder: true);
        got.BasicProperties.CorrelationId.ShouldBe(work.RequestId.ToString());
        Envelope.TryRead(got.BasicProperties, got.Body, out var message, out _).ShouldBeTrue();
        message!.TraceParent.ShouldBe(Trace);
        got.BasicProperties.DeliveryMode.ShouldBe(DeliveryModes.Persistent);
    }

    [Fact]
    public async Task Without_a_broker_sends_fail_at_once()
    {
        var transport = Transport(options => options.ConnectionString = "amqp://nobody:nothing@localhost:1");

        transport.IsConnected.ShouldBeFalse();
        (await transport.SendWorkAsync([new(Kind, Work())], Cancellation)).ShouldBe([SendOutcome.Failed]);
        await Should.ThrowAsync<TransportUnavailableException>(() => transport.SendReportAsync(Report(), Cancellation));
        (await transport.CountReadyReportsAsync(Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_kind_without_a_queue_cannot_be_counted() =>
        (await (await ConnectedTransportAsync()).CountReadyWorkAsync("nobodys-kind", Cancellation)).ShouldBeNull();

    private static string Initials(IEnumerable<SendOutcome> outcomes) => string.Concat(outcomes.Select(outcome => outcome.ToString()[0]));
}
