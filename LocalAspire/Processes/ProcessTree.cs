using System.Globalization;

namespace AspireFeedback.LocalAspire.Processes;

/// <summary>
/// A process and everything it started. Groups and sessions are not enough: each PostgreSQL backend makes a session of its own.
/// </summary>
internal static class ProcessTree
{
    public static IReadOnlyList<int> Of(int root)
    {
        var children = ReadParents().ToLookup(pair => pair.Parent, pair => pair.Process);
        var found = new List<int> { root };
        for (var i = 0; i < found.Count; i++)
            found.AddRange(children[found[i]]);
        return found;
    }

    /// <summary>Signals the parent first, so that a parent that is to stop cannot start new children meanwhile.</summary>
    public static void Signal(int root, int signal)
    {
        foreach (var process in Of(root))
            Signals.Send(process, signal);
    }

    public static bool IsAlive(int processId) =>
        OperatingSystem.IsLinux() ? ReadStat(processId) is { State: not 'Z' } : Signals.Send(processId, 0);

    public static int? ParentOf(int processId) => ReadStat(processId)?.Parent;

    private static IEnumerable<(int Process, int Parent)> ReadParents()
    {
        // Elsewhere than on Linux only the process itself is known; the servers there end with their parent.
        if (!OperatingSystem.IsLinux())
            yield break;

        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var process) && ReadStat(process) is { } stat)
                yield return (process, stat.Parent);
        }
    }

    private static (char State, int Parent)? ReadStat(int processId)
    {
        try
        {
            // "pid (name) state ppid …": the name may hold spaces and parentheses.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            var rest = stat[(stat.LastIndexOf(')') + 2)..].Split(' ', 3);
            return (rest[0][0], int.Parse(rest[1], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
