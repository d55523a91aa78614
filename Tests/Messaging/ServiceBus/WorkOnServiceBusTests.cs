using System.Collections.Concurrent;
using System.Text;
using AspireFeedback.Messaging;
using AspireFeedback.Messaging.RabbitMq;
using AspireFeedback.Messaging.Wolverine.ServiceBus;
using AspireFeedback.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging.ServiceBus;

/// <summary>What holds for work on Service Bus, whose locks run out.</summary>
public sealed class WorkOnServiceBusTests : IAsyncLifetime
{
    private const string Kind = "test";
    private static readonly TimeSpan LockDuration = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly InProcessBus _bus = OnServiceBus.Bus([Kind], LockDuration);
    private readonly ServiceBusTransport _transport;

    public WorkOnServiceBusTests() => _transport = OnServiceBus.Create(
        _bus,
        Options.Create(new RabbitMqOptions { Kinds = [Kind], HandlerBackoff = TimeSpan.FromMilliseconds(50), DrainTimeout = TimeSpan.FromMilliseconds(300) }),
        NullLoggerFactory.Instance);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private BusQueue Queue => _bus.Find(Topology.QueueOf(Kind));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    [Fact]
    public async Task Each_message_arrives_as_it_was_sent_and_a_kind_without_a_queue_is_unroutable()
    {
        var work = Work() with
        {
            Run = Guid.CreateVersion7(),
            Deadline = new(2031, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Files = "http://web key",
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            TraceState = "a=1",
            Alone = true,
        };

        (await _transport.SendWorkAsync([new(Kind, work), new("nobodys-kind", work)], Cancellation)).ShouldBe([SendOutcome.Confirmed, SendOutcome.Unroutable]);

        var got = await TakeOneAsync();
        got.Message.ShouldBe(work with { Body = got.Message.Body, TraceParent = got.Message.TraceParent });
        got.Message.TraceParent!.ShouldContain("0af7651916cd43dd8448eb211c80319c");
        got.Message.Body.ToArray().ShouldBe(work.Body.ToArray());
        (got.Redelivered, got.Kind).ShouldBe((false, Kind));
    }

    [Fact]
    public async Task Who_goes_on_after_the_acknowledgement_is_not_told_that_the_lock_is_lost()
    {
        var acknowledged = new TaskCompletionSource<CancellationToken>();
        var release = new TaskCompletionSource();
        await using var subscription = await _transport.ReceiveWorkAsync(
            Kind,
            1,
            async (delivery, lost) =>
            {
                await delivery.AcknowledgeAsync();
                acknowledged.SetResult(lost);
                await release.Task.WaitAsync(lost);
            },
            Cancellation);
        await SendAsync();
        var lost = await acknowledged.Task.WaitAsync(Deadline, Cancellation);

        await Task.Delay(1.5 * LockDuration, Cancellation);

        lost.IsCancellationRequested.ShouldBeFalse();
        Queue.Peek(1, 0).ShouldBeEmpty();
        release.SetResult();
    }

    [Fact]
    public async Task Work_that_takes_longer_than_its_lock_keeps_it()
    {
        var calls = new ConcurrentQueue<Delivery>();
        await using var subscription = await _transport.ReceiveWorkAsync(
            Kind,
            2,
            async (delivery, lost) =>
            {
                calls.Enqueue(delivery);
                await Task.Delay(2 * LockDuration, lost);
                await delivery.AcknowledgeAsync();
            },
            Cancellation);

        await SendAsync();
        await Eventually.HoldsAsync(() => !calls.IsEmpty && Queue.Peek(1, 0).Count == 0, "the work is done");

        calls.Count.ShouldBe(1);
        Queue.Renewals.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_worker_whose_lock_is_gone_is_told_and_another_gets_the_message()
    {
        var calls = new ConcurrentQueue<Delivery>();
        var told = new TaskCompletionSource();
        await using var subscription = await _transport.ReceiveWorkAsync(
            Kind,
            2,
            async (delivery, lost) =>
            {
                calls.Enqueue(delivery);
                if (calls.Count == 1)
                    await Task.Delay(Timeout.Infinite, lost).ContinueWith(_ => told.SetResult(), TaskScheduler.Default);
                else
                    await delivery.AcknowledgeAsync();
            },
            Cancellation);
        await SendAsync();
        await Eventually.HoldsAsync(() => calls.Count == 1, "it is taken");

        Queue.BreakLocks();

        await told.Task.WaitAsync(Deadline, Cancellation);
        await Eventually.HoldsAsync(() => calls.Count == 2 && Queue.Peek(1, 0).Count == 0, "another has done it");
        calls.Last().Redelivered.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_is_stopped_before_the_end_gives_its_message_back()
    {
        var entered = new TaskCompletionSource();
        var subscription = await _transport.ReceiveWorkAsync(
            Kind,
            1,
            async (_, lost) =>
            {
                entered.SetResult();
                await Task.Delay(Timeout.Infinite, lost);
            },
            Cancellation);
        await SendAsync();
        await entered.Task.WaitAsync(Deadline, Cancellation);

        await subscription.DisposeAsync();

        (await TakeOneAsync()).EarlierDeliveries.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_not_of_the_protocol_goes_to_the_dead_letters_and_the_next_message_is_handled()
    {
        Queue.Put(new("hello") { MessageId = "no guid", CorrelationId = "neither" });
        await SendAsync();

        await TakeOneAsync();

        Queue.DeadLetters!.Peek(1, 0).Single().DeadLetterReason.ShouldBe("rejected");
    }

    [Fact]
    public async Task An_outage_shows_and_its_end_too()
    {
        await Eventually.HoldsAsync(() => _transport.IsConnected, "it is connected");
        var back = new TaskCompletionSource();
        _transport.Connected += () => back.TrySetResult();
        _bus.IsAway = true;

        (await _transport.SendWorkAsync([new(Kind, Work())], Cancellation)).ShouldBe([SendOutcome.Failed]);
        await Should.ThrowAsync<TransportUnavailableException>(() => _transport.SendReportAsync(Work() with { Type = MessageTypes.Report }, Cancellation));
        (await _transport.CountReadyWorkAsync(Kind, Cancellation)).ShouldBeNull();
        await Eventually.HoldsAsync(() => !_transport.IsConnected, "the outage is known");

        _bus.IsAway = false;
        await back.Task.WaitAsync(Deadline, Cancellation);
        await SendAsync();
        (await _transport.CountReadyWorkAsync(Kind, Cancellation)).ShouldBe(1);
        await TakeOneAsync();
    }

    private static Message Work() =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), MessageTypes.Work, Encoding.UTF8.GetBytes("\"hello\"")) { Attempt = 1, Hop = 1 };

    private async Task SendAsync() => (await _transport.SendWorkAsync([new(Kind, Work())], Cancellation)).ShouldBe([SendOutcome.Confirmed]);

    private async Task<Delivery> TakeOneAsync()
    {
        var taken = new TaskCompletionSource<Delivery>();
        await using var subscription = await _transport.ReceiveWorkAsync(
            Kind,
            1,
            async (delivery, _) =>
            {
                await delivery.AcknowledgeAsync();
                taken.TrySetResult(delivery);
            },
            Cancellation);
        return await taken.Task.WaitAsync(Deadline, Cancellation);
    }
}
