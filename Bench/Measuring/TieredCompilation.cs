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

    /// <summary>CPU seconds since the processes started.</summary>
    public static double SecondsOf(IEnumerable<CountedProcess> processes) => processes.Sum(process => SecondsOf(process.Id));

    private static double SecondsOf(int process) => Directory.EnumerateDirectories($"/proc/{process}/task").Sum(thread =>
    {
        try
        {
            var text = File.ReadAllText($"{thread}/stat");
            if (!text.Contains($"({Thread})", StringComparison.Ordinal))
                return 0;
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / CpuTimes.TicksPerSecond;
        }
        catch (IOException)
        {
            // The thread has ended.
            return 0;
        }
    });
}
