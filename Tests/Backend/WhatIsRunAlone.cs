using System.Collections.Immutable;
using AspireFeedback.Backend.Handling;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

/// <summary>Work that may be what kills its workers, so that the log wants it to be run with nothing beside it.</summary>
public sealed class WhatIsRunAlone
{
    private readonly Dictionary<string, TaskCompletionSource> _mayEnd = new[] { "other", "suspect", "second", "later" }.ToDictionary(x => x, _ => new TaskCompletionSource());
    private ImmutableList<string> _begun = [];

    [Fact]
    public async Task Begins_when_nothing_else_runs_and_nothing_is_taken_until_it_has_ended()
    {
        await using var worker = await Worker.StartAsync(AsToldAsync);
        Publish(worker, "other", alone: false);
        await worker.UntilAsync(() => _begun.Count == 1);
        Publish(worker, "suspect");
        await worker.UntilAsync(() => worker.Broker.Journal.Contains("pause"));
        Publish(worker, "later", alone: false);
        await Task.Delay(50, TestContext.Current.CancellationToken); // an opportunity to begin too early
        _begun.ShouldBe(["other"]);

        _mayEnd["other"].SetResult();
        await worker.UntilAsync(() => _begun.Count == 2);
        _begun.ShouldBe(["other", "suspect"]);

        _mayEnd["suspect"].SetResult();
        await worker.UntilAsync(() => _begun.Count == 3);
        _mayEnd["later"].SetResult();
        await worker.SettledAsync(3);
        worker.Broker.Journal.Count(x => x is "pause" or "resume").ShouldBe(2);
        worker.Broker.Journal.Count(x => x is "acknowledge").ShouldBe(3);
    }

    [Fact]
    public async Task Is_known_to_have_begun_before_its_handler_does_anything()
    {
        var confirm = new TaskCompletionSource();
        await using var worker = await Worker.StartAsync(AsToldAsync);
        var sending = false;
        worker.Broker.OnReport = (_, _) =>
        {
            sending = true;
            return confirm.Task;
        };
        Publish(worker, "suspect");
        await worker.UntilAsync(() => sending);
        _begun.ShouldBeEmpty();

        confirm.SetResult();
        _mayEnd["suspect"].SetResult();
        await worker.SettledAsync();
        worker.Reports[0].Started.ShouldNotBeNull();
        worker.Reports[0].Outcome.ShouldBeNull();
        worker.Broker.Reports.ShouldAllBe(report => !report.Alone);
    }

    [Fact]
    public async Task Comes_one_after_the_other()
    {
        await using var worker = await StartWithTwoAsync();
        await Task.Delay(50, TestContext.Current.CancellationToken); // an opportunity for the other to begin too early
        _begun.Count.ShouldBe(1);
        _mayEnd[_begun[0]].SetResult();
        await worker.UntilAsync(() => _begun.Count == 2);
        worker.Broker.Journal.ShouldNotContain("resume");

        _mayEnd[_begun[1]].SetResult();
        await worker.SettledAsync(2);
        await worker.UntilAsync(() => worker.Broker.Journal.Contains("resume"));
    }

    [Fact]
    public async Task Waits_behind_another_for_a_while_and_then_at_the_end_of_the_queue()
    {
        await using var worker = await StartWithTwoAsync();
        var begun = _begun[0];

        await worker.UntilAsync(() => worker.Broker.Forwarded.Count == 1, clockStep: 1000);
        await worker.SettledAsync();

        _begun.ShouldBe([begun]);
        worker.Broker.Journal.ShouldContain("acknowledge");
        var again = worker.Broker.Forwarded[0];
        (again.Kind, again.Message.Alone, again.Message.Attempt).ShouldBe((worker.Kind.Name, true, 1));
    }

    [Fact]
    public async Task Does_not_wait_for_what_runs_for_ever()
    {
        await using var worker = await Worker.StartAsync(AsToldAsync);
        Publish(worker, "other", alone: false);
        await worker.UntilAsync(() => _begun.Count == 1);
        Publish(worker, "suspect");

        await worker.UntilAsync(() => _begun.Count == 2, clockStep: 1000);

        (worker.Time.GetUtcNow() - new ManualTime().GetUtcNow()).ShouldBeGreaterThanOrEqualTo(Solitude.Patience);
    }

    [Fact]
    public async Task Goes_back_when_the_process_goes_down_before_its_turn()
    {
        await using var worker = await Worker.StartAsync(AsToldAsync);
        Publish(worker, "other", alone: false);
        await worker.UntilAsync(() => _begun.Count == 1);
        Publish(worker, "suspect");
        await worker.UntilAsync(() => worker.Broker.Journal.Contains("pause"));

        var stopping = worker.StopAsync();
        await worker.UntilAsync(() => worker.Broker.Journal.Contains("return"));
        _mayEnd["other"].SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        _begun.ShouldBe(["other"]);
        worker.Broker.Journal.ShouldNotContain("resume");
    }

    [Fact]
    public async Task Is_nobodys_any_more_when_it_is_lost_before_its_turn()
    {
        await using var worker = await StartWithTwoAsync();

        worker.Broker.LoseConnection();
        foreach (var mayEnd in _mayEnd.Values)
            mayEnd.TrySetResult();
        await worker.SettledAsync(2);

        worker.Broker.Journal.Count(x => x is "lost").ShouldBe(2);
        worker.Broker.Journal.Count(x => x is "acknowledge").ShouldBe(2);
        _begun.Count.ShouldBe(3, "one of them twice");
    }

    /// <summary>Both are taken before taking is paused, and one of them has begun.</summary>
    private async Task<Worker> StartWithTwoAsync()
    {
        var broker = new InMemoryTransport();
        foreach (var name in new[] { "suspect", "second" })
            broker.Publish(Worker.Plain, new Job(name), message => message with { Alone = true });
        var worker = await Worker.StartAsync(AsToldAsync, broker: broker);
        await worker.UntilAsync(() => _begun.Count == 1 && broker.Journal.Contains("pause"));
        return worker;
    }

    private static void Publish(Worker worker, string name, bool alone = true) =>
        worker.Broker.Publish(worker.Kind, new Job(name), message => message with { Alone = alone });

    private async Task<JobDone> AsToldAsync(Job job, HandlerContext context, CancellationToken cancellationToken)
    {
        ImmutableInterlocked.Update(ref _begun, (list, name) => list.Add(name), job.Name);
        await _mayEnd[job.Name].Task.WaitAsync(cancellationToken);
        return new("done");
    }
}
