using System.Collections.Concurrent;
using System.Net;
using AspireFeedback.Web.Log;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Admission;

/// <summary>
/// How many requests the owners who submit here have open: the log's count of a moment ago, and what was taken since. Counted anew every few
/// seconds, every second for who is near the limit; an owner who has not been counted yet counts as having none.
/// </summary>
internal sealed class OpenRequests(ILogUpkeep log, IOptions<AdmissionOptions> options, TimeProvider time)
{
    private const int OwnersPerQuery = 500;
    private static readonly TimeSpan Forget = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Outdated = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, OwnerCount> _owners = new();
    private readonly ConcurrentDictionary<IPAddress, int> _addresses = new();
    private long _outdatedTicks = Outdated.Ticks;

    /// <summary>Until the next count: where counting takes long, a count holds longer.</summary>
    public TimeSpan Pause
    {
        set => Interlocked.Exchange(ref _outdatedTicks, Math.Max(Outdated.Ticks, 2 * value.Ticks));
    }

    private TimeSpan OutdatedAfter => new(Interlocked.Read(ref _outdatedTicks));

    /// <summary>How many owners are remembered.</summary>
    public int Owners => _owners.Count;

    /// <summary>
    /// Whether there is room for one more. It is taken until <see cref="Settle"/>, so that those who submit at once do not pass the limit together.
    /// </summary>
    public bool TryBegin(Guid owner, IPAddress address)
    {
        if (options.Value is { OpenPerOwner: 0, OpenPerAddress: 0 })
            return true; // nobody would count it, nor forget it
        var entry = _owners.GetOrAdd(owner, _ => new());
        entry.Use(address, time);
        var perAddress = options.Value.OpenPerAddress;
        if ((perAddress > 0 && _addresses.GetValueOrDefault(address) >= perAddress) || !entry.TryBegin(options.Value.OpenPerOwner, OutdatedAfter, time))
            return false;
        if (perAddress > 0)
            _addresses.AddOrUpdate(address, 1, (_, open) => open + 1);
        return true;
    }

    public void Settle(Guid owner, IPAddress address, bool accepted)
    {
        if (_owners.TryGetValue(owner, out var entry))
            entry.Settle(accepted);
        if (!accepted && options.Value.OpenPerAddress > 0)
            _addresses.AddOrUpdate(address, 0, (_, open) => Math.Max(0, open - 1));
    }

    /// <summary>Counts those whose count is due. Returns when all of them are counted.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var limit = Math.Max(options.Value.OpenPerOwner, options.Value.OpenPerAddress);
        if (limit == 0)
            return;
        foreach (var (owner, _) in _owners.Where(pair => time.GetElapsedTime(pair.Value.Used) > Forget))
            _owners.TryRemove(owner, out _);
        var all = _owners.Where(pair => pair.Value.IsDue(time, options.Value.OpenPerOwner)).Select(pair => (Owner: pair.Key, Entry: pair.Value, pair.Value.Since));
        foreach (var due in all.Chunk(OwnersPerQuery))
        {
            var counts = await log.CountOpenAsync([.. due.Select(item => item.Owner)], limit, cancellationToken);
            foreach (var (owner, entry, before) in due)
                entry.Counted(counts.GetValueOrDefault(owner), before, time);
        }

        if (options.Value.OpenPerAddress > 0)
            SumAddresses();
    }

    private void SumAddresses()
    {
        var sums = _owners.Values.GroupBy(entry => entry.Address).ToDictionary(group => group.Key, group => group.Sum(entry => entry.Bound(OutdatedAfter, time)));
        foreach (var address in _addresses.Keys.Where(address => !sums.ContainsKey(address)))
            _addresses.TryRemove(address, out _);
        foreach (var (address, open) in sums)
            _addresses[address] = open;
    }
}
