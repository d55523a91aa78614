using AspireFeedback.LocalAspire.Dashboard.Otlp;

namespace AspireFeedback.LocalAspire.Dashboard.Recording;

/// <summary>Processes tell all their metrics every second; in a file one of ten is enough, since counters lose nothing by that.</summary>
internal sealed class MetricThinning
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _last = [];

    public bool Takes(ReadOnlySpan<byte> request)
    {
        var sender = SenderOf(request);
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

    // The first resource of the request: a process sends its own only.
    private static int SenderOf(ReadOnlySpan<byte> request)
    {
        var hash = new HashCode();
        var groups = new ProtoReader(request);
        if (groups.Next() && groups.Field == 1)
        {
            for (var group = new ProtoReader(groups.Bytes()); group.Next();)
            {
                if (group.Field == 1)
                    hash.AddBytes(group.Bytes());
            }
        }

        return hash.ToHashCode();
    }
}
