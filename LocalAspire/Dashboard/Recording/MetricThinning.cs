using AspireFeedback.LocalAspire.Dashboard.Otlp;

namespace AspireFeedback.LocalAspire.Dashboard.Recording;

/// <summary>
/// Processes tell all their metrics every second; in a file one of ten is enough, since counters lose nothing by that. Sums since the
/// last export do: a request with such is always taken.
/// </summary>
internal sealed class MetricThinning
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _last = [];

    public bool Takes(ReadOnlySpan<byte> request)
    {
        var (sender, hasDeltas) = SenderOf(request);
        if (hasDeltas)
            return true;
        var now = TimeProvider.System.GetTimestamp();
        lock (_gate)
        {
            if (_last.TryGetValue(sender, out var last) && TimeProvider.System.GetElapsedTime(last, now) < s_interval)
                return false;
            if (_last.Count > 1_000)
                _last.Clear();
            _last[sender] = now;
            return true;
        }
    }

    // Its resource and the names of its metrics: a process sends its own only, but may spread them over several requests.
    private static (int Key, bool HasDeltas) SenderOf(ReadOnlySpan<byte> request)
    {
        var (hash, hasDeltas) = (new HashCode(), false);
        for (var groups = new ProtoReader(request); groups.Next();)
        {
            if (groups.Field != 1)
                continue;
            for (var group = new ProtoReader(groups.Bytes()); group.Next();)
            {
                if (group.Field == 1)
                    hash.AddBytes(group.Bytes());
                else if (group.Field == 2)
                    hasDeltas |= AddScope(ref hash, group.Bytes());
            }
        }

        return (hash.ToHashCode(), hasDeltas);
    }

    private static bool AddScope(ref HashCode hash, ReadOnlySpan<byte> scopeMetrics)
    {
        var hasDeltas = false;
        for (var scope = new ProtoReader(scopeMetrics); scope.Next();)
        {
            if (scope.Field != 2)
                continue;
            for (var metric = new ProtoReader(scope.Bytes()); metric.Next();)
            {
                if (metric.Field == 1)
                    hash.AddBytes(metric.Bytes());
                else if (metric.Field is 7 or 9 or 10)
                    hasDeltas |= IsDelta(metric.Bytes());
            }
        }

        return hasDeltas;
    }

    private static bool IsDelta(ReadOnlySpan<byte> data)
    {
        for (var reader = new ProtoReader(data); reader.Next();)
        {
            if (reader.Field == 2)
                return reader.Varint() == 1;
        }

        return false;
    }
}
