using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using AspireFeedback.Messaging;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

public sealed class WhenAMessageIsAcknowledged
{
    private static readonly Kind<Job, JobDone> _long = new("long", new() { LongRunning = true });

    [Fact]
    public async Task Not_before_its_outcome_is_confirmed()
    {
        var confirm = new TaskCompletionSource();
        await using var worker = await Worker.StartAsync((_, _, _) => Task.FromResult(new JobDone("")));
        var sending = false;
        worker.Broker.OnReport = (_, _) =>
        {
            sending = true;
            return confirm.Task;
        };
        worker.Publish();
        await worker.UntilAsync(() => sending);
        worker.Broker.Journal.ShouldNotContain("acknowledge");

        confirm.SetResult();
        await worker.SettledAsync();
        worker.Broker.Journal.TakeLast(2).ShouldBe(["report", "acknowledge"]);
    }

    [Fact]
    public async Task After_an_outage_that_the_report_outlasts()
    {
        var tries = 0;
        await using var worker = await Worker.StartAsync((_, context, _) =>
        {
            context.Emit("kept");
            return Task.FromResult(new JobDone(""));
        });
        worker.Broker.OnReport = (_, _) => ++tries <= 20 ? throw new TransportUnavailableException("away") : Task.CompletedTask;
        worker.Publish();
        await worker.SettledAsync(clockStep: 200);

        tries.ShouldBe(21);
        var report = worker.Reports.ShouldHaveSingleItem();
        (report.Started, report.Output![0].Chunk).ShouldBe((new RunStarted("job"), "kept"));
        worker.Broker.Journal.TakeLast(2).ShouldBe(["report", "acknowledge"]);
    }

    [Fact]
    public async Task Never_when_it_is_lost_and_its_handler_is_stopped_and_another_run_begins()
    {
        var attempts = 0;
        var stopped = new TaskCompletionSource();
        await using var worker = await Worker.StartAsync(async (_, _, token) =>
        {
            if (++attempts > 1)
                return new("second");
            token.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, token);
            return new("first");
        });
        worker.Publish();
        await worker.UntilAsync(() => attempts == 1);
        worker.Broker.LoseConnection();
        await worker.SettledAsync();

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        worker.Broker.Journal.TakeLast(3).ShouldBe(["lost", "report", "acknowledge"]);
        worker.Reports.ShouldHaveSingleItem().Started.ShouldBe(new RunStarted("job", Redelivered: true, Delivery: 1));
    }

    [Fact]
    public async Task Never_when_it_is_lost_while_its_report_waits_for_the_broker()
    {
        var sending = 0;
        await using var worker = await Worker.StartAsync((_, _, _) => Task.FromResult(new JobDone("")));
        worker.Broker.OnReport = (_, token) => ++sending == 1 ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
        worker.Publish();
        await worker.UntilAsync(() => sending == 1);
        worker.Broker.LoseConnection();
        await worker.SettledAsync();

        worker.Broker.Journal.Count(x => x is "lost").ShouldBe(1);
        worker.Broker.Journal.Count(x => x is "acknowledge").ShouldBe(1);
        worker.Outcomes.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task When_its_start_is_confirmed_if_it_may_run_long()
    {
        var finish = new TaskCompletionSource();
        await using var worker = await Worker.StartAsync(async (_, _, token) =>
        {
            await finish.Task.WaitAsync(token);
            return new("");
        }, _long);
        worker.Publish();
        await worker.SettledAsync();
        worker.Broker.Journal.TakeLast(2).ShouldBe(["report", "acknowledge"]);
        worker.Reports.ShouldHaveSingleItem().Started.ShouldNotBeNull();

        worker.Broker.LoseConnection(); // means nothing to it any more
        finish.SetResult();
        await worker.UntilAsync(() => worker.Outcomes.Count == 1);
        worker.Outcomes[0].ShouldBeOfType<RunSucceeded>();
        worker.Reports[1].Started.ShouldBeNull();
    }

    [Fact]
    public async Task After_the_next_hop_has_the_work_and_Web_knows_it()
    {
        var next = new Kind<Job, JobDone>("next", new() { Internal = true });
        await using var worker = await Worker.StartAsync((_, context, _) => Task.FromResult(context.Forward(next, new Job("go on"))));
        var tries = 0;
        worker.Broker.OnForward = _ => ++tries < 3 ? SendOutcome.Failed : SendOutcome.Confirmed;
        var message = worker.Publish(x => x with { Files = "http://localhost:1 secret", Attempt = 4 });
        await worker.SettledAsync(clockStep: 200);

        worker.Broker.Journal.TakeLast(3).ShouldBe(["forward next", "report", "acknowledge"]);
        worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunForwarded>().Kind.ShouldBe("next");
        var work = worker.Broker.Forwarded.ShouldHaveSingleItem().Message;
        (work.RequestId, work.Attempt, work.Hop, work.Run, work.Files).ShouldBe((message.RequestId, 4, 2, null, message.Files));
        WorkReader.ReadBody(work.Body).Payload.GetProperty("name").GetString().ShouldBe("go on");
    }

    [Fact]
    public async Task With_a_failure_when_no_queue_takes_the_next_hop()
    {
        var next = new Kind<Job, JobDone>("nowhere", new() { Internal = true });
        await using var worker = await Worker.StartAsync((_, context, _) => Task.FromResult(context.Forward(next, new Job())));
        worker.Broker.OnForward = _ => SendOutcome.Unroutable;
        worker.Publish();
        await worker.SettledAsync(clockStep: 200);

        var failed = worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunFailed>();
        (failed.Error.Type, failed.Permanent).ShouldBe(("/problems/hop-unreachable", false));
    }
}
