using System.Globalization;

namespace AspireFeedback.Bench.Measuring;

/// <summary>A process whose CPU is counted.</summary>
/// <param name="WithChildren">Also what it has started: PostgreSQL works in a process for each connection.</param>
internal sealed record CountedProcess(string Name, int Id, bool WithChildren);

/// <summary>CPU seconds (user + system) of each process since it started, and of the whole machine since it booted.</summary>
internal sealed record CpuTimes(IReadOnlyDictionary<string, double> ByProcess, double Machine)
{
    /// <summary>The name under which the rest of the machine stands.</summary>
    public const string Elsewhere = "elsewhere";

    /// <summary>USER_HZ, which is 100 on every Linux that .NET runs on.</summary>
    public const double TicksPerSecond = 100;

    public static CpuTimes Read(IReadOnlyList<CountedProcess> processes)
    {
        var stats = Directory.EnumerateDirectories("/proc")
            .Select(directory => int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) ? Stat.Read(id) : null)
            .OfType<Stat>()
            .ToList();
        var children = stats.ToLookup(stat => stat.Parent);
        var byId = stats.ToDictionary(stat => stat.Id);
        return new(processes.ToDictionary(p => p.Name, SecondsOf), MachineTicks() / TicksPerSecond);

        double SecondsOf(CountedProcess process) => byId.TryGetValue(process.Id, out var stat)
            ? (process.WithChildren ? Tree(stat) : stat.Own) / TicksPerSecond
            : double.NaN;

        // What has ended and been waited for is in its parent's sum, so the figure of a tree never falls.
        long Tree(Stat stat) => stat.Own + stat.EndedChildren + children[stat.Id].Sum(Tree);
    }

    /// <summary>Cores used between two readings: CPU seconds a second, by process; and <see cref="Elsewhere"/>.</summary>
    public static IReadOnlyDictionary<string, double> Cores(CpuTimes before, CpuTimes after, TimeSpan elapsed)
    {
        var cores = before.ByProcess.ToDictionary(pair => pair.Key, pair => (after.ByProcess[pair.Key] - pair.Value) / elapsed.TotalSeconds);
        cores[Elsewhere] = Math.Max(0, (after.Machine - before.Machine) / elapsed.TotalSeconds - cores.Values.Where(double.IsFinite).Sum());
        return cores;
    }

    private static long MachineTicks()
    {
        // "cpu user nice system idle iowait irq softirq steal …"
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields[1..4].Concat(fields[6..8]).Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
    }

    private sealed record Stat(int Id, int Parent, long Own, long EndedChildren)
    {
        public static Stat? Read(int id)
        {
            try
            {
                // "pid (name) state ppid …": the name may hold spaces and parentheses. utime is the 14th field.
                var text = File.ReadAllText($"/proc/{id}/stat");
                var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                long Ticks(int field) => long.Parse(fields[field - 3], CultureInfo.InvariantCulture);
                return new(id, (int)Ticks(4), Ticks(14) + Ticks(15), Ticks(16) + Ticks(17));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}
