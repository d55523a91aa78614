using AspireFeedback.LocalAspire.Dashboard.Recording;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using AspireFeedback.LocalAspire.Processes;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

/// <summary>Telemetry and output hold what passes through an application: nobody else on the machine reads them.</summary>
public sealed class PrivateFilesTests : IDisposable
{
    private const UnixFileMode ReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _directory = Directory.CreateTempSubdirectory("private-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task What_is_recorded_is_for_its_user_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are those of Unix.");
        using var stop = new CancellationTokenSource();
        var (telemetry, run) = (Path.Combine(_directory, "telemetry"), RunInfo.New(DateTime.UtcNow));
        var recorder = new RunRecorder(
            Path.Combine(telemetry, run.Id), run, n => n < 1 ? [new(1, "shop-1", DateTimeOffset.UnixEpoch, "a line")] : [], () => (1, 1), text => throw new InvalidOperationException(text));
        foreach (var signal in Enum.GetValues<Signal>())
            recorder.Offer(signal, OtlpMessage.Export("shop", "c"));
        await stop.CancelAsync();
        await recorder.RunAsync(stop.Token);

        var files = Directory.GetFiles(telemetry, "*", SearchOption.AllDirectories);
        files.Select(Path.GetFileName).Order().ShouldBe(["console", "logs", "metrics", "run.json", "traces"]);
        files.ShouldAllBe(file => ModeOf(file) == ReadWrite);
        ModeOf(telemetry).ShouldBe(ReadWrite | UnixFileMode.UserExecute);
        ModeOf(Path.Combine(telemetry, run.Id)).ShouldBe(ReadWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void What_a_process_writes_is_for_its_user_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are those of Unix.");
        var path = Path.Combine(_directory, "logs", "web-1.log");
        using (var log = new ResourceLog(path))
            log.Add("a secret may be in it");

        (ModeOf(path), ModeOf(Path.GetDirectoryName(path)!)).ShouldBe((ReadWrite, ReadWrite | UnixFileMode.UserExecute));
    }

#pragma warning disable CA1416 // Skipped where there are no such modes.
    private static UnixFileMode ModeOf(string path) => File.GetUnixFileMode(path);
#pragma warning restore CA1416
}
