using System.Net;

namespace AspireFeedback.Web.Admission;

/// <summary>One owner's open requests: the log's count of a moment ago, what was accepted since, and what is under way.</summary>
internal sealed class OwnerCount
{
    private static readonly TimeSpan CountAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ComesBack = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private int _counted;
    private int _since;
    private int _underWay;
    private long? _countedAt;

    public long Used { get; private set; }

    public IPAddress Address { get; private set; } = IPAddress.None;

    public int Since
    {
        get
        {
            lock (_gate)
                return _since;
        }
    }

    public void Use(IPAddress address, TimeProvider time) => (Address, Used) = (address, time.GetTimestamp());

    /// <param name="outdated">An older count does not count any more.</param>
    public int Bound(TimeSpan outdated, TimeProvider time)
    {
        lock (_gate)
            return (_countedAt is { } at && time.GetElapsedTime(at) < outdated ? _counted : 0) + _since + _underWay;
    }

    public bool IsDue(TimeProvider time, int limit)
    {
        lock (_gate)
        {
            if (_countedAt is not { } at)
                return true;
            // Who was refused comes back in a few seconds, and is to find what has ended meanwhile.
            var nearLimit = limit > 0 && _counted + 2 * _since >= limit && time.GetElapsedTime(Used) < ComesBack;
            return nearLimit || (time.GetElapsedTime(at) >= CountAgain && Used > at);
        }
    }

    public bool TryBegin(int limit, TimeSpan outdated, TimeProvider time)
    {
        lock (_gate)
        {
            if (limit > 0 && Bound(outdated, time) >= limit)
                return false;
            _underWay++;
            return true;
        }
    }

    public void Settle(bool accepted)
    {
        lock (_gate)
        {
            _underWay = Math.Max(0, _underWay - 1);
            _since += accepted ? 1 : 0;
        }
    }

    /// <summary>What was taken before the count began is in it; what was taken during it may be counted twice, until the next.</summary>
    public void Counted(int open, int before, TimeProvider time)
    {
        lock (_gate)
            (_counted, _since, _countedAt) = (open, Math.Max(0, _since - before), time.GetTimestamp());
    }
}
