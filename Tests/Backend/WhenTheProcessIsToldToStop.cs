using AspireFeedback.Contracts;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

public sealed class WhenTheProcessIsToldToStop
{
    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _begun;

    [Fact]
    public async Task What_runs_may_finish_and_nothing_new_is_taken()
    {
        await using var worker = await StartAsync();
        var stopping = worker.StopAsync();
        worker.Publish();
        _finish.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        _begun.ShouldBe(1);
        worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunSucceeded>();
        (await worker.Broker.CountReadyWorkAsync("job", TestContext.Current.CancellationToken)).ShouldBe(1);
    }

    [Fact]
    public async Task What_runs_on_goes_back_to_the_queue_after_the_grace_period()
    {
        await using var worker = await StartAsync();
        var stopping = worker.StopAsync();
        await worker.UntilAsync(() => stopping.IsCompleted, clockStep: 100);
        worker.Broker.Journal[^1].ShouldBe("return");
        worker.Outcomes.ShouldBeEmpty();
        (worker.Time.GetUtcNow() - new ManualTime().GetUtcNow()).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task What_is_acknowledged_already_fails_so_that_another_attempt_is_made()
    {
        await using var worker = await StartAsync(new("long", new() { LongRunning = true }));
        await worker.SettledAsync();
        var stopping = worker.StopAsync();
        await worker.UntilAsync(() => stopping.IsCompleted, clockStep: 100);

        var failed = worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunFailed>();
        (failed.Error.Type, failed.Permanent).ShouldBe(("/problems/worker-stopped", false));
    }

    [Fact]
    public async Task A_report_that_cannot_be_confirmed_does_not_hold_the_process()
    {
        await using var worker = await StartAsync();
        worker.Broker.OnReport = (_, _) => throw new AspireFeedback.Messaging.TransportUnavailableException("away");
        _finish.SetResult();
        var stopping = worker.StopAsync();
        await worker.UntilAsync(() => stopping.IsCompleted, clockStep: 100);

        worker.Broker.Journal[^1].ShouldBe("return");
    }

    private async Task<Worker> StartAsync(Kind<Job, JobDone>? kind = null)
    {
        var worker = await Worker.StartAsync(async (_, _, token) =>
        {
            Interlocked.Increment(ref _begun);
            await _finish.Task.WaitAsync(token);
            return new("done");
        }, kind);
        worker.Publish();
        await worker.UntilAsync(() => _begun == 1);
        return worker;
    }
}
