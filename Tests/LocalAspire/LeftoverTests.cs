using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Runtime;
using AspireFeedback.LocalAspire.Testing;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

/// <summary>A test process that is killed leaves neither processes nor data.</summary>
public sealed class LeftoverTests
{
    private const string ReportTo = "LEFTOVER_REPORT";
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_killed_test_process_takes_everything_with_it()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(s_limit);
        var report = Path.GetTempFileName();
        using var victim = Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "-explicit", "only", "-method", $"{typeof(LeftoverTests).FullName}.{nameof(The_victim)}" },
            Environment = { [ReportTo] = report },
            RedirectStandardOutput = true,
        })!;
        while (new FileInfo(report).Length == 0)
            await Task.Delay(50, deadline.Token);
        var told = await File.ReadAllLinesAsync(report, deadline.Token);
        var (mark, redis, data) = (told[0], int.Parse(told[1], CultureInfo.InvariantCulture), told[2]);
        LeftBehind.WithMark(mark).ShouldNotBeEmpty();
        ProcessTree.IsAlive(redis).ShouldBeTrue();
        Directory.Exists(data).ShouldBeTrue();

        Signals.Send(victim.Id, Signals.Kill);

        while (LeftBehind.WithMark(mark).Count > 0 || ProcessTree.IsAlive(redis) || Directory.Exists(data))
            await Task.Delay(50, deadline.Token);
        File.Delete(report);
    }

    [Fact(Explicit = true)]
    public async Task The_victim()
    {
        var report = Environment.GetEnvironmentVariable(ReportTo)!;
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddProject<SampleProject>("sample").WaitFor(builder.AddRedis("redis"));
        await using var app = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("sample", TestContext.Current.CancellationToken);

        var environment = await File.ReadAllTextAsync($"/proc/{app.Server("sample").ProcessId}/environ", TestContext.Current.CancellationToken);
        var mark = environment.Split('\0').Single(v => v.StartsWith(ChildEnvironment.MarkVariable + "=", StringComparison.Ordinal)).Split('=')[1];
        await File.WriteAllLinesAsync(report + ".new", [mark, $"{app.Server("redis").ProcessId}", app.ApplicationRun.Data!.Path], TestContext.Current.CancellationToken);
        File.Move(report + ".new", report, overwrite: true);
        await Task.Delay(s_limit, TestContext.Current.CancellationToken);
    }
}
