using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Testing;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

/// <summary>A command has succeeded when the state has changed, not when it was accepted.</summary>
public sealed class CommandTests
{
    // Longer than a process needs to start, so that an answer before it would be seen.
    private const string HealthyLate = "healthy-after=700";

    [Fact]
    public async Task Stopped_means_gone_and_started_means_healthy()
    {
        await using var sample = await SampleApplication.StartAsync(2, TestContext.Current.CancellationToken, p => p.WithArgs(HealthyLate));
        await sample.HealthyAsync();

        (await RunAsync(sample, "sample", "stop")).ShouldBeNull();
        sample.App.Replicas("sample").ShouldAllBe(r => r.ProcessId == null);
        State(sample, "sample-1").ShouldBe(KnownResourceStates.Finished);

        (await RunAsync(sample, "sample", "start")).ShouldBeNull();
        Healthy(sample, "sample-1", "sample-2").ShouldBeTrue();
    }

    [Fact]
    public async Task Restarted_is_another_process_that_is_healthy_and_the_other_replica_does_not_notice()
    {
        await using var sample = await SampleApplication.StartAsync(2, TestContext.Current.CancellationToken, p => p.WithArgs(HealthyLate));
        await sample.HealthyAsync();
        var before = ProcessIds(sample);

        (await RunAsync(sample, "sample-2", "restart")).ShouldBeNull();

        Healthy(sample, "sample-1", "sample-2").ShouldBeTrue();
        ProcessIds(sample)[0].ShouldBe(before[0]);
        ProcessIds(sample)[1].ShouldNotBe(before[1]);
    }

    [Fact]
    public async Task Killed_is_gone_at_once_and_comes_back_as_after_a_crash()
    {
        await using var sample = await SampleApplication.StartAsync(1, TestContext.Current.CancellationToken);
        await sample.HealthyAsync();
        var before = sample.App.Server("sample").ProcessId;

        (await RunAsync(sample, "sample", "kill")).ShouldBeNull();

        sample.App.Server("sample").ProcessId.ShouldNotBe(before);
        var back = await sample.App.ResourceNotifications.WaitForResourceAsync("sample", e => e.Snapshot.IsHealthy, sample.Deadline);
        back.Snapshot.Restarts.ShouldBe(1);
    }

    [Fact]
    public async Task A_start_that_comes_with_a_kill_starts_another_process()
    {
        await using var sample = await SampleApplication.StartAsync(1, TestContext.Current.CancellationToken, p => p.WithArgs(HealthyLate));
        await sample.HealthyAsync();
        var before = ProcessIds(sample)[0];

        var (kill, start) = (RunAsync(sample, "sample", "kill"), RunAsync(sample, "sample", "start"));

        (await kill).ShouldBeNull();
        (await start).ShouldBeNull();
        Healthy(sample, "sample").ShouldBeTrue();
        ProcessIds(sample)[0].ShouldNotBe(before);
    }

    [Fact]
    public async Task A_restart_while_it_starts_ends_that_start_and_makes_another()
    {
        await using var sample = await SampleApplication.StartAsync(1, TestContext.Current.CancellationToken, p => p.WithArgs("healthy-after=1500"));
        var starting = await sample.App.ResourceNotifications.WaitForResourceAsync("sample", e => e.Snapshot.ProcessId is not null, sample.Deadline);
        starting.Snapshot.IsHealthy.ShouldBeFalse();

        (await RunAsync(sample, "sample", "restart")).ShouldBeNull();

        var after = sample.App.ApplicationRun.Find("sample").Single().Snapshot;
        (after.IsHealthy, after.Restarts, after.ProcessId == starting.Snapshot.ProcessId).ShouldBe((true, 0, false));
    }

    [Fact]
    public async Task A_restart_before_there_is_a_process_prepares_anew()
    {
        var (preparing, prepared, attempts) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        await using var sample = await SampleApplication.StartAsync(1, TestContext.Current.CancellationToken, p => p.WithEnvironment(async _ =>
        {
            Interlocked.Increment(ref attempts);
            preparing.TrySetResult();
            await prepared.Task;
        }));
        await preparing.Task.WaitAsync(sample.Deadline);

        var restart = RunAsync(sample, "sample", "restart");
        restart.IsCompleted.ShouldBeFalse();
        prepared.SetResult();

        (await restart).ShouldBeNull();
        attempts.ShouldBe(2);
        sample.App.ApplicationRun.Find("sample").Single().Snapshot.Restarts.ShouldBe(0);
    }

    [Fact]
    public async Task What_does_not_start_is_a_failure_that_says_why()
    {
        await using var sample = await SampleApplication.StartAsync(1, TestContext.Current.CancellationToken, p => p.WithArgs("crash"));
        (await RunAsync(sample, "sample", "stop")).ShouldBeNull();

        (await RunAsync(sample, "sample", "start")).ShouldBe("'sample' did not start: aborted (SIGABRT), as .NET does on an unhandled exception");
    }

    [Fact]
    public async Task Start_makes_an_end_of_waiting()
    {
        await using var sample = await SampleApplication.StartAsync(
            1, TestContext.Current.CancellationToken, p => p.WaitFor(p.ApplicationBuilder.AddProject<SampleProject>("never").WithArgs("crash")));
        await sample.App.ResourceNotifications.WaitForResourceAsync("sample", e => e.Snapshot.Reason is not null, sample.Deadline);

        (await RunAsync(sample, "sample", "start")).ShouldBeNull();

        Healthy(sample, "sample").ShouldBeTrue();
    }

    [Fact]
    public async Task A_stopped_one_that_waits_does_not_start_when_the_waiting_ends()
    {
        IResourceBuilder<ProjectResource>? late = null;
        await using var sample = await SampleApplication.StartAsync(
            1, TestContext.Current.CancellationToken, p => p.WaitFor(late = p.ApplicationBuilder.AddProject<SampleProject>("late").WithArgs(HealthyLate)));

        (await RunAsync(sample, "sample", "stop")).ShouldBeNull();
        await sample.App.ResourceNotifications.WaitForResourceHealthyAsync(late!.Resource.Name, sample.Deadline);

        State(sample, "sample").ShouldBe(KnownResourceStates.Finished);
        (await RunAsync(sample, "sample", "start")).ShouldBeNull();
    }

    [Fact]
    public async Task A_stop_while_it_is_prepared_waits_for_that_and_a_start_waits_for_the_stop()
    {
        var (preparing, prepared) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var sample = await SampleApplication.StartAsync(1, TestContext.Current.CancellationToken, p => p.WithEnvironment(async _ =>
        {
            preparing.TrySetResult();
            await prepared.Task;
        }));
        await preparing.Task.WaitAsync(sample.Deadline);

        var stop = RunAsync(sample, "sample", "stop");
        var start = RunAsync(sample, "sample", "start");
        stop.IsCompleted.ShouldBeFalse();
        prepared.SetResult();

        (await stop).ShouldBeNull();
        (await start).ShouldBeNull();
        sample.App.ApplicationRun.Find("sample").Single().Snapshot.Restarts.ShouldBe(0);
        Healthy(sample, "sample").ShouldBeTrue();
    }

    [Fact]
    public async Task What_a_callback_throws_is_a_failed_start_that_says_why_and_the_run_ends_well()
    {
        await using var sample = await SampleApplication.StartAsync(
            1, TestContext.Current.CancellationToken, p => p.WithEnvironment(_ => throw new KeyNotFoundException("no such key")));
        await sample.App.ResourceNotifications.WaitForResourceAsync("sample", e => e.Snapshot.Restarts >= 2, sample.Deadline);

        (await RunAsync(sample, "sample", "stop")).ShouldBeNull();
        State(sample, "sample").ShouldBe(KnownResourceStates.Finished);
        (await RunAsync(sample, "sample", "start")).ShouldBe("'sample' did not start: no such key");
        sample.App.LogsOf("sample").ShouldContain("no such key");
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        await using var sample = await SampleApplication.StartAsync(1, TestContext.Current.CancellationToken);

        (await RunAsync(sample, "sample", "dance")).ShouldBe("There is no command 'dance'; there are start, stop, restart, kill.");
        (await RunAsync(sample, "nothing", "stop")).ShouldBe("'nothing' has no process of its own, so there is nothing to stop.");
        (await RunAsync(sample, "sample", "stop")).ShouldBeNull();
        (await RunAsync(sample, "sample", "kill")).ShouldBe("'sample' is not running.");
    }

    [Theory]
    [InlineData("Running", 1, "stop restart kill")]
    [InlineData("Stopping", 1, "")]
    [InlineData("Starting", null, "")]
    [InlineData("Waiting", null, "start stop")]
    [InlineData("Exited", null, "start stop")]
    [InlineData("FailedToStart", null, "start stop")]
    [InlineData("Finished", null, "start")]
    public void Only_commands_that_make_sense_are_offered(string state, int? process, string commands) =>
        string.Join(' ', KnownResourceCommands.For(new() { ResourceType = "Project", State = state, ProcessId = process })).ShouldBe(commands);

    /// <summary>Null when it succeeded, otherwise the message.</summary>
    private static async Task<string?> RunAsync(SampleApplication sample, string resource, string command)
    {
        var result = await sample.App.ResourceCommands.ExecuteCommandAsync(resource, command, sample.Deadline);
        result.Success.ShouldBe(result.Message is null);
        return result.Message;
    }

    private static string State(SampleApplication sample, string id) => sample.App.ApplicationRun.Find(id).Single().Snapshot.State;

    private static bool Healthy(SampleApplication sample, params string[] ids) => ids.All(id => sample.App.ApplicationRun.Find(id).Single().IsHealthy);

    private static List<int?> ProcessIds(SampleApplication sample) => [.. sample.App.Replicas("sample").Select(r => r.ProcessId)];
}
