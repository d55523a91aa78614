using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

/// <summary>What becomes of a resource that waits for another.</summary>
public sealed class DependencyTests
{
    [Fact]
    public async Task It_says_what_it_waits_for_and_starts_after_that_is_healthy()
    {
        await using var sample = await StartAsync(null, "healthy-after=500");
        var waiting = await sample.App.ResourceNotifications.WaitForResourceAsync("sample", e => e.Snapshot.Reason is not null, sample.Deadline);
        await sample.HealthyAsync();

        waiting.Snapshot.State.ShouldBe(KnownResourceStates.Waiting);
        waiting.Snapshot.Reason.ShouldBe("waits for 'first'");
        Of(sample, "sample").StartedAt!.Value.ShouldBeGreaterThanOrEqualTo(Of(sample, "first").HealthyAt!.Value);
    }

    [Fact]
    public async Task It_fails_to_start_when_the_other_crashes_again_and_again_and_says_why()
    {
        await using var sample = await StartAsync(null, "crash");

        var failed = await sample.App.ResourceNotifications.WaitForResourceAsync("sample", e => e.Snapshot.State == KnownResourceStates.FailedToStart, sample.Deadline);

        failed.Snapshot.Reason.ShouldBe("waits for 'first', which failed to start: aborted (SIGABRT), as .NET does on an unhandled exception");
        (await Should.ThrowAsync<DistributedApplicationException>(sample.HealthyAsync)).Message.ShouldEndWith(failed.Snapshot.Reason!);
    }

    [Fact]
    public async Task It_goes_on_waiting_where_it_was_told_to()
    {
        await using var sample = await StartAsync(WaitBehavior.WaitOnResourceUnavailable, "crash");

        var told = await sample.App.ResourceNotifications.WaitForResourceAsync(
            "sample", e => e.Snapshot.Reason?.Contains("failed to start", StringComparison.Ordinal) == true, sample.Deadline);

        told.Snapshot.State.ShouldBe(KnownResourceStates.Waiting);
    }

    [Fact]
    public async Task What_failed_once_starts_after_all_when_the_other_was_mended()
    {
        var mended = Path.Combine(Path.GetTempPath(), "mended-" + Guid.NewGuid().ToString("N")[..8]);
        await using var sample = await StartAsync(null, "crash-unless=" + mended);
        await sample.App.ResourceNotifications.WaitForResourceAsync("sample", KnownResourceStates.FailedToStart, sample.Deadline);

        await File.WriteAllTextAsync(mended, "", sample.Deadline);
        await sample.App.ResourceNotifications.WaitForResourceAsync("sample", e => e.Snapshot.IsHealthy, sample.Deadline);

        File.Delete(mended);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_told_to_whoever_waits_for_its_health()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddExecutable("tool", "no-such-program", ".");
        await using var app = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);

        var wait = () => app.ResourceNotifications.WaitForResourceHealthyAsync("tool", WaitBehavior.StopOnResourceUnavailable, TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<DistributedApplicationException>(wait)).Message.ShouldEndWith("'tool' is FailedToStart: no-such-program is not installed.");
    }

    [Fact]
    public async Task A_health_check_without_an_endpoint_stops_the_start_and_names_the_file_that_is_missing()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddProject<ProjectWithoutSettings>("bare").WithHttpHealthCheck("/health");
        await using var app = await builder.BuildAsync(TestContext.Current.CancellationToken);

        var start = () => app.StartAsync(TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<DistributedApplicationException>(start)).Message.ShouldBe(
            "The health check /health of 'bare' has no endpoint 'http' to ask. A project gets its endpoints from launchSettings.json, "
            + "and there is no /nowhere/Bare/Properties/launchSettings.json. Add one, or call WithHttpEndpoint().");
    }

    private static Task<SampleApplication> StartAsync(WaitBehavior? behavior, string argumentOfFirst) =>
        SampleApplication.StartAsync(1, TestContext.Current.CancellationToken, sample =>
        {
            var first = sample.ApplicationBuilder.AddProject<SampleProject>("first").WithHttpHealthCheck("/health").WithArgs(argumentOfFirst);
            _ = behavior is { } known ? sample.WaitFor(first, known) : sample.WaitFor(first);
        });

    private static CustomResourceSnapshot Of(SampleApplication sample, string id) => sample.App.ApplicationRun.Find(id).Single().Snapshot;

    private sealed class ProjectWithoutSettings : IProjectMetadata
    {
        public string ProjectPath => "/nowhere/Bare/Bare.csproj";
    }
}
