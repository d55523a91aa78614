using System.Globalization;

namespace AspireFeedback.Bench.Measuring;

/// <summary>
/// CPU that the just-in-time compilers of .NET processes spend on making hot methods fast. For half a minute after a start it is the largest single
/// cost of all, and no part of what a request costs.
/// </summary>
internal static class TieredCompilation
{
    /// <summary>".NET Tiered Compilation Worker", as far as Linux keeps a thread's name.</summary>
    private const string Thread = ".NET Tiered Com";

    /// <summary>Ticks by thread: a compiler's thread ends when it has had nothing to do for some seconds, and another one begins.</summary>
    public static IReadOnlyDictionary<string, long> Read(IEnumerable<CountedProcess> processes) => processes
        .SelectMany(process => Directory.EnumerateDirectories($"/proc/{process.Id}/task"))
        .Select(thread => (thread, Ticks: TicksOf(thread)))
        .Where(pair => pair.Ticks is not null)
        .ToDictionary(pair => pair.thread, pair => pair.Ticks!.Value);

    /// <summary>CPU seconds between two readings.</summary>
    public static double Seconds(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after) =>
        after.Sum(pair => pair.Value - before.GetValueOrDefault(pair.Key)) / CpuTimes.TicksPerSecond;

    private static long? TicksOf(string thread)
    {
        try
        {
            var text = File.ReadAllText($"{thread}/stat");
            if (!text.Contains($"({Thread})", StringComparison.Ordinal))
                return null;
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The thread has ended.
            return null;
        }
    }
}
