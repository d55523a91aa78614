using System.Globalization;
using AspireFeedback.Bench.Measuring;

namespace AspireFeedback.Bench.Size;

/// <summary>Resident memory of some processes, sampled until it is disposed.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);
    private readonly IReadOnlyList<ProgramProcess> _processes;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sampling;

    public MemoryWatch(IReadOnlyList<ProgramProcess> processes)
    {
        _processes = processes;
        Before = Read();
        Highest = Before;
        _sampling = SampleAsync();
    }

    /// <summary>MiB by process.</summary>
    public IReadOnlyDictionary<string, double> Before { get; }

    public IReadOnlyDictionary<string, double> Highest { get; private set; }

    public static double Mebibytes(int processId)
    {
        // "VmRSS:     123456 kB"
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        _stop.Dispose();
    }

    private async Task SampleAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(s_interval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var now = Read();
            Highest = Highest.ToDictionary(pair => pair.Key, pair => Math.Max(pair.Value, now[pair.Key]));
        }
    }

    private Dictionary<string, double> Read() => _processes.ToDictionary(process => process.Name, process => Mebibytes(process.Id));
}
