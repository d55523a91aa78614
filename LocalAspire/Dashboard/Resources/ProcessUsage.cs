using System.Globalization;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Dashboard.Resources;

/// <param name="Cpu">Cores: 0.37 is 37 % of one.</param>
internal sealed record Usage(double? Cpu, long? MemoryBytes);

/// <summary>What each instance takes together with all that it has started, from procfs; on macOS nothing is known. Measured only while somebody looks.</summary>
internal sealed class ProcessUsage(IReadOnlyList<Instance> instances)
{
    // The unit of /proc/…/stat on every Linux that .NET runs on (USER_HZ).
    private const double TicksPerSecond = 100;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _ticks = [];
    private IReadOnlyDictionary<string, Usage> _last = new Dictionary<string, Usage>();
    private long _measured;

    /// <summary>By the id of the instance; at most two seconds old.</summary>
    public IReadOnlyDictionary<string, Usage> Now()
    {
        lock (_gate)
        {
            var now = TimeProvider.System.GetTimestamp();
            var elapsed = TimeProvider.System.GetElapsedTime(_measured, now);
            if (!OperatingSystem.IsLinux() || (_measured != 0 && elapsed < s_interval))
                return _last;

            _last = Measure(_measured == 0 ? null : elapsed.TotalSeconds);
            _measured = now;
            return _last;
        }
    }

    private Dictionary<string, Usage> Measure(double? seconds)
    {
        var processes = ReadAll();
        var children = processes.ToLookup(pair => pair.Value.Parent, pair => pair.Key);
        var usages = new Dictionary<string, Usage>();
        foreach (var instance in instances)
        {
            if (instance.ProcessId is not { } root || !processes.ContainsKey(root))
                continue;

            var tree = new List<int> { root };
            for (var i = 0; i < tree.Count; i++)
                tree.AddRange(children[tree[i]]);
            var ticks = tree.Sum(id => processes[id].Ticks);
            double? cpu = seconds is { } time && _ticks.TryGetValue(root, out var before) ? Math.Max(0, ticks - before) / TicksPerSecond / time : null;
            _ticks[root] = ticks;
            // Pages that the processes of a server share count once.
            var memory = tree.Sum(id => processes[id].Private) + tree.Max(id => processes[id].Shared);
            usages[instance.Id] = new(cpu is { } cores ? Math.Round(cores, 3) : null, memory);
        }

        return usages;
    }

    private static Dictionary<int, ProcessStat> ReadAll()
    {
        var found = new Dictionary<int, ProcessStat>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) && Read(directory) is { } stat)
                found[id] = stat;
        }

        return found;
    }

    private static ProcessStat? Read(string directory)
    {
        try
        {
            // "pid (name) state ppid …": the name may hold spaces and parentheses. proc(5) counts the fields from 1, and here state is 0.
            var stat = File.ReadAllText(directory + "/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var memory = File.ReadAllText(directory + "/statm").Split(' ');
            // utime, stime, and those of the children that have ended.
            var ticks = fields[11..15].Sum(Number);
            var (resident, shared) = (Number(memory[1]), Number(memory[2]));
            return new((int)Number(fields[1]), ticks, (resident - shared) * Environment.SystemPageSize, shared * Environment.SystemPageSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private readonly record struct ProcessStat(int Parent, long Ticks, long Private, long Shared);
}
