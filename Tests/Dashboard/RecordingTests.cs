using System.Globalization;
using AspireFeedback.LocalAspire.Dashboard.Recording;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using AspireFeedback.LocalAspire.Processes;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

public sealed class RecordingTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("recording-").FullName;
    private readonly RequestIds _requestIds = new(RequestIds.Default);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_run_is_read_back_as_it_was()
    {
        var (trace, run) = (OtlpMessage.NewTraceId(), RunInfo.New(DateTime.UtcNow));
        await RecordAsync(run, recorder =>
        {
            recorder.Offer(Signal.Traces, OtlpMessage.Export("shop", "c", OtlpMessage.Span(trace, OtlpMessage.NewSpanId(), "kept")));
            recorder.Offer(Signal.Logs, OtlpMessage.Export("shop", "c", OtlpMessage.Log("kept too")));
        });

        var archive = new RunArchive(_directory, _requestIds);
        var read = (await archive.FindAsync(run.Id))!;
        read.Telemetry.Traces.Find(Ids.ParseTrace(trace))!.Root.Name.ShouldBe("kept");
        read.Telemetry.Logs.Snapshot().Single().Text.First.ShouldBe("kept too");
        read.Console.Single().ShouldBe(new(1, "shop-1", DateTimeOffset.UnixEpoch, "a\tline"));
        var (info, bytes) = archive.List().Single();
        (info.Id, info.EndedAt is null, bytes > 0).ShouldBe((run.Id, false, true));
    }

    [Fact]
    public async Task What_a_kill_cut_off_costs_no_more_than_the_last_frame()
    {
        var run = RunInfo.New(DateTime.UtcNow);
        await RecordAsync(run, recorder => recorder.Offer(Signal.Logs, OtlpMessage.Export("shop", "c", OtlpMessage.Log("first"))));
        var file = RunRecorder.FileOf(Path.Combine(_directory, run.Id), Signal.Logs);
        var whole = File.ReadAllBytes(file);

        for (var cut = 0; cut < whole.Length; cut++)
        {
            File.WriteAllBytes(file, [.. whole, .. whole[..cut]]);
            FrameFile.Read(file).Count().ShouldBe(1, $"{cut} bytes of a second frame");
        }

        File.WriteAllBytes(file, [.. whole, .. whole]);
        FrameFile.Read(file).Count().ShouldBe(2);
    }

    [Fact]
    public void A_file_that_is_full_keeps_the_newest()
    {
        var path = Path.Combine(_directory, "full");
        using (var file = new FrameFile(path, 10_000))
        {
            for (var i = 0; i < 500; i++)
                file.Append([BitConverter.GetBytes(i), Guid.NewGuid().ToByteArray(), Guid.NewGuid().ToByteArray()]);
        }

        var numbers = FrameFile.Read(path).Where(item => item.Length == 4).Select(item => BitConverter.ToInt32(item)).ToList();
        numbers[^1].ShouldBe(499);
        numbers.ShouldBe(Enumerable.Range(numbers[0], numbers.Count));
        (new FileInfo(path).Length + new FileInfo(path + ".1").Length).ShouldBeLessThan(21_000);
    }

    [Fact]
    public void Only_the_last_runs_are_kept()
    {
        for (var i = 0; i < 15; i++)
        {
            var run = RunInfo.New(DateTime.UnixEpoch.AddDays(i));
            Directory.CreateDirectory(Path.Combine(_directory, run.Id));
            run.Write(Path.Combine(_directory, run.Id));
        }

        var archive = new RunArchive(_directory, _requestIds);
        archive.Prune();

        archive.List().Select(run => run.Info.StartedAt.Day).ShouldBe([15, 14, 13, 12, 11, 10, 9, 8, 7]);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData("nobody")]
    public async Task Names_that_are_no_runs_lead_nowhere(string id)
    {
        (await new RunArchive(_directory, _requestIds).FindAsync(id)).ShouldBeNull();
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_costs_the_recording_and_is_told()
    {
        File.WriteAllText(Path.Combine(_directory, "taken"), "");
        var told = new List<string>();
        var recorder = new RunRecorder(Path.Combine(_directory, "taken"), RunInfo.New(DateTime.UtcNow), _ => [], () => (0, 0), told.Add);
        recorder.Offer(Signal.Logs, [1]);
        await recorder.RunAsync(TestContext.Current.CancellationToken);
        recorder.Offer(Signal.Logs, [2]);

        told.Single().ShouldContain("not recorded");
        recorder.Dropped.ShouldBe(2);
    }

    [Fact]
    public void Of_metrics_each_sender_is_recorded_every_ten_seconds()
    {
        var thinning = new MetricThinning();
        var takes = Enumerable.Range(0, 6).Select(i => thinning.Takes(OtlpMessage.Export($"sender{i % 2}", "m"))).ToArray();
        takes.ShouldBe([true, true, false, false, false, false]);
    }

    [Fact]
    public void Delta_sums_and_the_rest_of_a_spread_export_are_always_recorded()
    {
        static byte[] Request(string name, int temporality) => OtlpMessage.Export(
            "shop", "m", new OtlpMessage().Add(1, name).Add(7, new OtlpMessage().Add(2, temporality)));
        var thinning = new MetricThinning();

        thinning.Takes(Request("delta", 1)).ShouldBeTrue();
        thinning.Takes(Request("delta", 1)).ShouldBeTrue();
        thinning.Takes(Request("first half", 2)).ShouldBeTrue();
        thinning.Takes(Request("second half", 2)).ShouldBeTrue();
        thinning.Takes(Request("first half", 2)).ShouldBeFalse();
    }

    private async Task RecordAsync(RunInfo run, Action<RunRecorder> act)
    {
        using var stop = new CancellationTokenSource();
        var line = new ConsoleLine(1, "shop-1", DateTimeOffset.UnixEpoch, "a\tline");
        var recorder = new RunRecorder(
            Path.Combine(_directory, run.Id), run, n => n < 1 ? [line] : [], () => (1, 1), text => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{text}")));
        act(recorder);
        await stop.CancelAsync();
        await recorder.RunAsync(stop.Token);
    }
}
