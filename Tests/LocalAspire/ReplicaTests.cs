using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Testing;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

public sealed class ReplicaTests
{
    [Fact]
    public async Task A_crashed_replica_comes_back_on_its_port_as_another_process()
    {
        await using var sample = await SampleApplication.StartAsync(2, TestContext.Current.CancellationToken);
        await sample.HealthyAsync();
        var replica = sample.App.Replicas("sample")[0];
        var (before, url) = (replica.ProcessId, replica.Url);

        await replica.CrashAsync();
        await sample.App.ResourceNotifications.WaitForResourceAsync(
            replica.Name, e => e.Snapshot is { IsHealthy: true, Restarts: 1 }, sample.Deadline);

        replica.ProcessId.ShouldNotBe(before);
        replica.Url.ShouldBe(url);
    }

    [Fact]
    public async Task A_killed_replica_stays_down_until_it_is_started()
    {
        await using var sample = await SampleApplication.StartAsync(1, TestContext.Current.CancellationToken);
        await sample.HealthyAsync();
        var replica = sample.App.Server("sample");
        var before = replica.ProcessId!.Value;

        await replica.KillAsync(sample.Deadline);

        replica.ProcessId.ShouldBeNull();
        ProcessTree.IsAlive(before).ShouldBeFalse();
        await Should.ThrowAsync<HttpRequestException>(() => SampleApplication.AskAsync(replica, "/", sample.Deadline));

        await replica.StartAsync(sample.Deadline);
        (await SampleApplication.AskAsync(replica, "/", sample.Deadline)).ShouldBe("service.instance.id=sample");
    }

    [Fact]
    public async Task A_stopped_replica_ends_well()
    {
        await using var sample = await SampleApplication.StartAsync(1, TestContext.Current.CancellationToken);
        await sample.HealthyAsync();

        await sample.App.Server("sample").StopAsync(sample.Deadline);

        sample.App.ResourceNotifications.TryGetCurrentState("sample", out var state).ShouldBeTrue();
        state.Snapshot.State.ShouldBe(KnownResourceStates.Finished);
        state.Snapshot.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_paused_replica_is_unhealthy_until_it_continues()
    {
        await using var sample = await SampleApplication.StartAsync(1, TestContext.Current.CancellationToken);
        await sample.HealthyAsync();
        var replica = sample.App.Server("sample");

        await replica.PauseAsync();
        var paused = await sample.App.ResourceNotifications.WaitForResourceAsync(replica.Name, e => !e.Snapshot.IsHealthy, sample.Deadline);
        await replica.ContinueAsync();
        await replica.WaitUntilHealthyAsync(sample.Deadline);

        paused.Snapshot.State.ShouldBe(KnownResourceStates.Running);
        paused.Snapshot.Reason.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_program_that_cannot_start_is_tried_again_and_its_log_says_why()
    {
        await using var sample = await SampleApplication.StartAsync(
            1, TestContext.Current.CancellationToken, project => project.WithArgs("crash"));

        await sample.App.ResourceNotifications.WaitForResourceAsync("sample", e => e.Snapshot.Restarts >= 2, sample.Deadline);

        sample.App.LogsOf("sample").ShouldContain("This sample was told to crash.");
        sample.App.LogsOf("sample").ShouldContain("[started again: the process before ");
    }

    [Fact]
    public async Task Applications_in_one_process_do_not_meet()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var one = await SampleApplication.StartAsync(1, cancellationToken, p => p.WithEnvironment("WHO", "one"));
        await using var two = await SampleApplication.StartAsync(1, cancellationToken, p => p.WithEnvironment("WHO", "two"));
        await Task.WhenAll(one.HealthyAsync(), two.HealthyAsync());

        (await SampleApplication.AskAsync(one.App.Server("sample"), "/environment/WHO", one.Deadline)).ShouldBe("one");
        (await SampleApplication.AskAsync(two.App.Server("sample"), "/environment/WHO", two.Deadline)).ShouldBe("two");
    }
}
