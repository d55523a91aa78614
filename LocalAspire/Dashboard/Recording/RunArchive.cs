using System.Globalization;
using System.Text;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using AspireFeedback.LocalAspire.Processes;

namespace AspireFeedback.LocalAspire.Dashboard.Recording;

internal sealed record RecordedRun(TelemetryStore Telemetry, IReadOnlyList<ConsoleLine> Console);

/// <summary>The runs of which the data directory still has the telemetry. One is read when somebody asks for it, and the last two stay in memory.</summary>
internal sealed class RunArchive(string directory, RequestIds requestIds)
{
    private const int MaxRuns = 10;
    private const int MaxLoaded = 2;

    private readonly Lock _gate = new();
    private readonly List<(string Id, Task<RecordedRun?> Loading)> _loaded = [];

    public string PathOf(string id) => Path.Combine(directory, id);

    /// <summary>The latest first, with what they take on disk.</summary>
    public IReadOnlyList<(RunInfo Info, long Bytes)> List() => !Directory.Exists(directory)
        ? []
        : [.. Directory.GetDirectories(directory)
            .Select(path => (Path: path, Info: RunInfo.Read(path)))
            .Where(run => run.Info is not null && run.Info.Id == Path.GetFileName(run.Path))
            .OrderByDescending(run => run.Info!.StartedAt)
            .Select(run => (run.Info!, Directory.EnumerateFiles(run.Path).Sum(file => new FileInfo(file).Length)))];

    /// <summary>Null when there is no such run.</summary>
    public Task<RecordedRun?> FindAsync(string id)
    {
        if (!RunInfo.IsId(id) || !Directory.Exists(PathOf(id)))
            return Task.FromResult<RecordedRun?>(null);

        lock (_gate)
        {
            var known = _loaded.FindIndex(run => run.Id == id);
            var run = known >= 0 && !_loaded[known].Loading.IsFaulted ? _loaded[known] : (Id: id, Loading: Task.Run<RecordedRun?>(() => Load(id)));
            if (known >= 0)
                _loaded.RemoveAt(known);
            _loaded.Add(run);
            if (_loaded.Count > MaxLoaded)
                _loaded.RemoveAt(0);
            return run.Loading;
        }
    }

    /// <summary>Removes the oldest runs, so that one more fits.</summary>
    public void Prune()
    {
        if (!Directory.Exists(directory))
            return;
        // The id begins with the time. What has no readable description counts too.
        foreach (var path in Directory.GetDirectories(directory).OrderDescending(StringComparer.Ordinal).Skip(MaxRuns - 1))
            Directory.Delete(path, recursive: true);
    }

    private RecordedRun Load(string id)
    {
        var telemetry = new TelemetryStore(requestIds);
        foreach (var signal in Enum.GetValues<Signal>())
        {
            foreach (var request in FrameFile.Read(RunRecorder.FileOf(PathOf(id), signal)))
                telemetry.Take(signal, request);
        }

        var lines = new Queue<ConsoleLine>();
        foreach (var line in FrameFile.Read(Path.Combine(PathOf(id), RunRecorder.ConsoleFile)))
        {
            if (Parse(Encoding.UTF8.GetString(line)) is { } parsed)
                lines.Enqueue(parsed);
            if (lines.Count > 10 * ResourceLog.MaxLines)
                lines.Dequeue();
        }

        return new(telemetry, [.. lines]);
    }

    private static ConsoleLine? Parse(string line) =>
        line.Split('\t', 4) is [var n, var instance, var ticks, var text]
            ? new(long.Parse(n, CultureInfo.InvariantCulture), instance, new(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero), text)
            : null;
}
