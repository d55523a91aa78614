using AspireFeedback.LocalAspire.Dashboard.Http;
using AspireFeedback.LocalAspire.Dashboard.Recording;
using AspireFeedback.LocalAspire.Dashboard.Resources;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Dashboard;

/// <param name="EndNs">Now, or when the run ended.</param>
internal sealed record ShownRun(RunInfo Info, TelemetryStore Telemetry, ConsoleReader Console, long EndNs);

/// <summary>What the dashboard shows: this run, and on demand an earlier one.</summary>
internal sealed class DashboardRun(ApplicationRun run, RunInfo info, TelemetryStore telemetry, RunArchive archive, RunRecorder recorder)
{
    private readonly LiveConsole _console = new(run);

    public ApplicationRun Application => run;

    public RunInfo Info => info;

    public TelemetryStore Telemetry => telemetry;

    public RunArchive Archive => archive;

    public RunRecorder Recorder => recorder;

    /// <summary>The run that the parameter <c>run</c> names, or this one.</summary>
    public async Task<ShownRun> FindAsync(Query query)
    {
        var id = query.Text("run");
        if (id is null || id == info.Id)
            return new(info, telemetry, _console, UnixTime.FromTime(DateTime.UtcNow));
        if (await archive.FindAsync(id) is not { } recorded || RunInfo.Read(archive.PathOf(id)) is not { } earlier)
            throw RefusedException.NotFound("There is no telemetry of this run.");
        return new(earlier, recorded.Telemetry, new RecordedConsole(recorded), UnixTime.FromTime(earlier.EndedAt ?? DateTime.UtcNow));
    }
}
