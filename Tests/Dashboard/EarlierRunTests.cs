using AspireFeedback.LocalAspire.Dashboard.Recording;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

[Collection(SampleDashboardTests.Name)]
public sealed class EarlierRunTests(SampleDashboard dashboard)
{
    [Fact]
    public async Task The_telemetry_of_an_earlier_run_is_shown_when_it_is_picked()
    {
        var earlier = RunInfo.New(DateTime.UtcNow.AddDays(-1));
        var trace = OtlpMessage.NewTraceId();
        using (var stopped = new CancellationTokenSource())
        {
            var recorder = new RunRecorder(
                dashboard.Host.Shown.Archive.PathOf(earlier.Id), earlier, n => n < 1 ? [new(1, "sample-1", DateTimeOffset.UnixEpoch, "an old line")] : [], () => (1, 1), _ => { });
            recorder.Offer(Signal.Logs, OtlpMessage.Export("old", "c", OtlpMessage.Log("yesterday")));
            recorder.Offer(Signal.Traces, OtlpMessage.Export("old", "c", OtlpMessage.Span(trace, OtlpMessage.NewSpanId(), "then")));
            await stopped.CancelAsync();
            await recorder.RunAsync(stopped.Token);
        }

        var run = (await dashboard.GetAsync("/api/runs")).GetProperty("runs").EnumerateArray().Single(r => r.GetProperty("id").GetString() == earlier.Id);
        (run.GetProperty("current").GetBoolean(), run.GetProperty("logs").GetInt64(), run.GetProperty("bytes").GetInt64() > 0).ShouldBe((false, 1, true));
        (await dashboard.GetAsync($"/api/logs?run={earlier.Id}")).GetProperty("items")[0].GetProperty("message").GetString().ShouldBe("yesterday");
        (await dashboard.GetAsync($"/api/traces/{trace}?run={earlier.Id}")).GetProperty("spans").GetArrayLength().ShouldBe(1);
        (await dashboard.GetAsync($"/api/console?resource=sample&run={earlier.Id}")).GetProperty("lines")[0].GetProperty("text").GetString().ShouldBe("an old line");
        (await dashboard.GetAsync($"/api/search?q=yesterday&run={earlier.Id}")).GetProperty("logs").GetProperty("matched").GetInt32().ShouldBe(1);
        (await dashboard.GetAsync("/api/logs?resource=old")).GetProperty("matched").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task What_comes_in_is_on_disk_a_moment_later()
    {
        var service = $"svc{Guid.NewGuid():N}"[..12];
        await dashboard.SendAsync("logs", OtlpMessage.Export(service, "c", OtlpMessage.Log("to be kept")));

        var file = RunRecorder.FileOf(dashboard.Host.Shown.Archive.PathOf(dashboard.Host.Shown.Info.Id), Signal.Logs);
        var expected = System.Text.Encoding.UTF8.GetBytes(service);
        await Support.Eventually.HoldsAsync(() => FrameFile.Read(file).Any(request => request.AsSpan().IndexOf(expected) >= 0));
    }
}
