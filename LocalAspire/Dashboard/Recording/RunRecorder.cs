using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Dashboard.Recording;

/// <summary>
/// Writes what the receiver takes to files, as it came, once a second. Whoever offers never waits: what the disk does not take in time is dropped
/// and counted.
/// </summary>
/// <param name="newLines">The console lines after a number.</param>
/// <param name="counts">Log lines and spans of the run so far.</param>
internal sealed class RunRecorder(
    string directory, RunInfo run, Func<long, IReadOnlyList<ConsoleLine>> newLines, Func<(long Logs, long Spans)> counts, Action<string> failed)
{
    public const string ConsoleFile = "console";
    private const long MaxQueuedBytes = 32 * 1024 * 1024;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<(Signal Signal, byte[] Request)> _queue = new();
    private readonly MetricThinning _thinning = new();
    private readonly Dictionary<string, FrameFile> _files = [];
    private long _queuedBytes;
    private long _dropped;
    private long _lastLine;
    private volatile bool _broken;

    /// <summary>Requests that are in memory, but not in the files.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public static string FileOf(string directory, Signal signal) => Path.Combine(directory, signal.ToString().ToLowerInvariant());

    public void Offer(Signal signal, byte[] request)
    {
        if (signal == Signal.Metrics && !_thinning.Takes(request))
            return;

        if (_broken)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }

        if (Interlocked.Add(ref _queuedBytes, request.Length) > MaxQueuedBytes)
        {
            Interlocked.Add(ref _queuedBytes, -request.Length);
            Interlocked.Increment(ref _dropped);
            return;
        }

        _queue.Enqueue((signal, request));
    }

    /// <summary>Ends with everything written.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            // The mode is that of the last directory only.
            Directory.CreateDirectory(Path.GetDirectoryName(directory)!, DataDirectory.Private);
            Directory.CreateDirectory(directory, DataDirectory.Private);
            run.Write(directory);
            do
            {
                await Task.Delay(s_interval, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (Write())
                    Tell(null);
            }
            while (!stopping.IsCancellationRequested);

            Tell(DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk costs the recording, not the run.
            _broken = true;
            while (_queue.TryDequeue(out _))
                Interlocked.Increment(ref _dropped);
            failed($"Telemetry is not recorded any more: {e.Message}");
        }
        finally
        {
            foreach (var file in _files.Values)
                file.Dispose();
        }
    }

    private bool Write()
    {
        var batches = new Dictionary<string, List<byte[]>>();
        while (_queue.TryDequeue(out var item))
        {
            Interlocked.Add(ref _queuedBytes, -item.Request.Length);
            Batch(FileOf(directory, item.Signal)).Add(item.Request);
        }

        foreach (var line in newLines(_lastLine))
        {
            _lastLine = line.N;
            Batch(Path.Combine(directory, ConsoleFile)).Add(Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{line.N}\t{line.Instance}\t{line.At.UtcTicks}\t{line.Text}")));
        }

        foreach (var (path, items) in batches)
            File(path).Append(items);
        return batches.Count > 0;

        List<byte[]> Batch(string path) => batches.TryGetValue(path, out var batch) ? batch : batches[path] = [];
    }

    // The limits of the stores: more would be read back for nothing.
    private FrameFile File(string path)
    {
        if (!_files.TryGetValue(path, out var file))
            _files[path] = file = new(path, Path.GetFileName(path) is "traces" or "metrics" ? 8 * 1024 * 1024 : 2 * 1024 * 1024);
        return file;
    }

    private void Tell(DateTime? endedAt)
    {
        var (logs, spans) = counts();
        (run with { EndedAt = endedAt, Logs = logs, Spans = spans }).Write(directory);
    }
}
