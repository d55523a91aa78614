using AspireFeedback.Bench.Load;

namespace AspireFeedback.Bench.Measuring;

/// <param name="Cores">CPU cores used in the window, by process.</param>
/// <param name="OpenAtEnd">Accepted requests that had not ended when the window was over.</param>
/// <param name="LoadAverage">Of the machine, over the last minute, when it began.</param>
internal sealed record Measurement(
    string Name, LoadKind Kind, int InFlight, LoadResult Result, IReadOnlyDictionary<string, double> Cores, long OpenAtEnd, double LoadAverage)
{
    public double CpuMillisecondsPerRequest(string process) => Cores[process] * Result.Seconds * 1000 / Result.Completed;
}
