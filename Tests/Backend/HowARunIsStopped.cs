using AspireFeedback.Contracts;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

public sealed class HowARunIsStopped
{
    private int _begun;

    [Fact]
    public async Task A_cancel_reaches_the_running_handler_at_once()
    {
        await using var worker = await Worker.StartAsync(UntilStopped);
        var message = worker.Publish();
        await worker.UntilAsync(() => _begun == 1);
        await worker.CancelAsync(message.RequestId);
        await worker.SettledAsync(); // the clock stands still: nothing on the way waits for a timer

        worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunCanceled>();
        worker.Broker.Journal.TakeLast(2).ShouldBe(["report", "acknowledge"]);
    }

    [Fact]
    public async Task A_handler_that_succeeds_anyway_has_succeeded()
    {
        await using var worker = await Worker.StartAsync(async (_, _, token) =>
        {
            _begun++;
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
            return new("anyway");
        });
        var message = worker.Publish();
        await worker.UntilAsync(() => _begun == 1);
        await worker.CancelAsync(message.RequestId);
        await worker.SettledAsync();

        worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunSucceeded>();
    }

    [Fact]
    public async Task A_cancel_that_comes_before_the_message_is_told_without_any_work()
    {
        await using var worker = await Worker.StartAsync(UntilStopped);
        var request = Guid.CreateVersion7();
        await worker.CancelAsync(request);
        worker.Publish(x => x with { RequestId = request, Attempt = 3 });
        await worker.SettledAsync();

        _begun.ShouldBe(0);
        var report = worker.Reports.ShouldHaveSingleItem();
        report.Started.ShouldBeNull();
        report.Outcome.ShouldBeOfType<RunCanceled>();
    }

    [Fact]
    public async Task A_cancel_from_before_the_start_of_the_process_is_read_back_before_work_is_taken()
    {
        var broker = new InMemoryTransport();
        var request = broker.Publish(Worker.Plain, new Job()).RequestId;
        await using (var earlier = await Worker.StartAsync(UntilStopped, new("other", KindPolicy.Default), broker: broker))
            await earlier.CancelAsync(request);
        await using var worker = await Worker.StartAsync(UntilStopped, broker: broker);
        await worker.SettledAsync();

        _begun.ShouldBe(0);
        worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunCanceled>();
    }

    [Fact]
    public async Task Work_waits_for_the_past_of_the_control_stream_but_not_for_ever()
    {
        var broker = new InMemoryTransport { CaughtUp = new TaskCompletionSource().Task };
        await using var worker = await Worker.StartAsync((_, _, _) => Task.FromResult(new JobDone("")), broker: broker);
        worker.Publish();
        await worker.UntilAsync(() => broker.Journal.Contains("control"));
        worker.Time.Advance(TimeSpan.FromSeconds(9));
        broker.Journal.ShouldNotContain("take job");

        await worker.SettledAsync(clockStep: 20);
    }

    [Fact]
    public async Task An_order_for_one_run_leaves_the_others()
    {
        await using var worker = await Worker.StartAsync(UntilStopped);
        var request = Guid.CreateVersion7();
        worker.Publish(x => x with { RequestId = request });
        worker.Publish(x => x with { RequestId = request });
        await worker.UntilAsync(() => worker.Reports.Count == 2, clockStep: 20);
        await worker.CancelAsync(request, "superseded", run: worker.Broker.Reports[0].Run);
        await worker.SettledAsync();

        worker.Outcomes.ShouldBeEmpty();
        worker.Broker.Journal.Count(x => x == "acknowledge").ShouldBe(1);
    }

    [Fact]
    public async Task An_order_up_to_an_attempt_leaves_the_later_ones()
    {
        await using var worker = await Worker.StartAsync((_, _, _) => Task.FromResult(new JobDone($"{++_begun}")));
        var request = Guid.CreateVersion7();
        await worker.CancelAsync(request, "superseded", upToAttempt: 2);
        worker.Publish(x => x with { RequestId = request, Attempt = 2 });
        await worker.SettledAsync();
        worker.Broker.Reports.ShouldBeEmpty();

        worker.Publish(x => x with { RequestId = request, Attempt = 3 });
        await worker.SettledAsync(2);
        worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunSucceeded>();
    }

    [Theory]
    [InlineData("superseded", 1)]
    [InlineData("ended", 0)]
    public async Task A_run_that_was_overtaken_tells_only_a_success_that_may_still_count(string reason, int outcomes)
    {
        await using var worker = await Worker.StartAsync(async (_, _, token) =>
        {
            _begun++;
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
            return new("late");
        });
        var message = worker.Publish();
        await worker.UntilAsync(() => _begun == 1);
        await worker.CancelAsync(message.RequestId, reason);
        await worker.SettledAsync();

        worker.Outcomes.Count.ShouldBe(outcomes);
    }

    [Theory]
    [InlineData("superseded")]
    [InlineData("ended")]
    public async Task A_run_that_is_stopped_for_another_says_nothing(string reason)
    {
        await using var worker = await Worker.StartAsync(UntilStopped);
        var message = worker.Publish();
        await worker.UntilAsync(() => _begun == 1);
        await worker.CancelAsync(message.RequestId, reason);
        await worker.SettledAsync();

        worker.Outcomes.ShouldBeEmpty();
        worker.Broker.Journal[^1].ShouldBe("acknowledge");
    }

    private async Task<JobDone> UntilStopped(Job job, AspireFeedback.Backend.Handling.HandlerContext context, CancellationToken token)
    {
        Interlocked.Increment(ref _begun);
        await Task.Delay(Timeout.Infinite, token);
        return new("never");
    }
}
