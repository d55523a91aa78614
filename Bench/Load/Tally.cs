using System.Diagnostics;

namespace AspireFeedback.Bench.Load;

/// <summary>Counts one measurement. Times are timestamps of <see cref="Stopwatch"/>.</summary>
internal sealed class Tally(long from, long until, int requestsPerCall)
{
    private readonly Lock _gate = new();
    private readonly List<long> _latencies = new(200_000);
    private readonly SortedDictionary<string, long> _failed = [];
    private long _began;
    private long _completed;
    private long _maxLate;

    public bool IsOpen => Stopwatch.GetTimestamp() < until;

    public void Begin(long at)
    {
        if (!IsCounted(at))
            return;
        lock (_gate)
            _began++;
    }

    public void End(long began, long ended)
    {
        lock (_gate)
        {
            if (IsCounted(began))
                _latencies.Add(ended - began);
            if (IsCounted(ended))
                _completed++;
        }
    }

    public void Fail(long began, string reason)
    {
        if (!IsCounted(began))
            return;
        lock (_gate)
            _failed[reason] = _failed.GetValueOrDefault(reason) + 1;
    }

    public void Late(long by)
    {
        lock (_gate)
            _maxLate = Math.Max(_maxLate, by);
    }

    /// <summary>Nothing may end after this.</summary>
    public LoadResult Result()
    {
        lock (_gate)
        {
            _latencies.Sort();
            return new(
                Stopwatch.GetElapsedTime(from, until).TotalSeconds, _completed * requestsPerCall, _began * requestsPerCall,
                (_began - _latencies.Count - _failed.Values.Sum()) * requestsPerCall, _failed,
                Percentile(0.50), Percentile(0.95), Percentile(0.99), Percentile(1), Milliseconds(_maxLate));
        }
    }

    private bool IsCounted(long at) => at >= from && at < until;

    /// <summary>Nearest rank.</summary>
    private double Percentile(double part) =>
        _latencies.Count == 0 ? double.NaN : Milliseconds(_latencies[Math.Max(0, (int)Math.Ceiling(part * _latencies.Count) - 1)]);

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
