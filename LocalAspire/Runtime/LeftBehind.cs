using System.Globalization;
using Aspire.Hosting;
using AspireFeedback.LocalAspire.Processes;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>Processes of an earlier run on the same data. After a crash its undertaker may still be at work when the next run begins.</summary>
internal static class LeftBehind
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    public static void Record(string dataDirectory, string mark) => File.WriteAllText(Path.Combine(dataDirectory, "last-run"), mark);

    public static void End(string dataDirectory)
    {
        var record = Path.Combine(dataDirectory, "last-run");
        if (!OperatingSystem.IsLinux() || !File.Exists(record))
            return;

        var mark = File.ReadAllText(record);
        var started = TimeProvider.System.GetTimestamp();
        while (WithMark(mark) is { Count: > 0 } left)
        {
            var waited = TimeProvider.System.GetElapsedTime(started);
            if (waited > s_limit)
                throw new DistributedApplicationException($"Processes of an earlier run cannot be ended: {string.Join(", ", left)}.");
            if (waited > s_patience)
                left.ForEach(process => ProcessTree.Signal(process, Signals.Kill));
            Thread.Sleep(50);
        }

        File.Delete(record);
    }

    internal static List<int> WithMark(string mark)
    {
        var found = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var process) && Carries(process, mark))
                found.Add(process);
        }

        return found;
    }

    private static bool Carries(int process, string mark)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ").Split('\0').Contains($"{ChildEnvironment.MarkVariable}={mark}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
