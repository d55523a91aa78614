using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Feedback;

/// <summary>The owners with connections on this instance. Each has one subscription on the backplane, for as long as somebody is there.</summary>
internal sealed class OwnerChannels(IOptions<FeedbackOptions> options, TimeProvider time, RedisBackplane? backplane = null)
{
    private readonly ConcurrentDictionary<Guid, OwnerChannel> _channels = [];

    // Held where a channel comes or goes, so that a release never overtakes the subscription of a successor.
    private readonly Lock _gate = new();

    public IEnumerable<OwnerChannel> All => _channels.Values;

    /// <summary>Monotonic.</summary>
    public TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>When it completes, no change that is announced from now on passes the listener by, as far as the backplane works.</summary>
    public Task AddAsync(Listener listener)
    {
        while (true)
        {
            var channel = _channels.TryGetValue(listener.Owner, out var there) ? there : Open(listener.Owner);
            if (channel.TryAdd(listener))
                return channel.Subscribed;
        }
    }

    public void Remove(Listener listener)
    {
        if (_channels.TryGetValue(listener.Owner, out var channel))
            channel.Remove(listener, Now);
    }

    public void Deliver(Change change)
    {
        if (_channels.TryGetValue(change.Owner, out var channel))
            channel.Deliver(change);
    }

    public bool Has(Guid owner) => _channels.ContainsKey(owner);

    /// <summary>Heartbeats, and release of what nobody has used for a while.</summary>
    public void Tick()
    {
        var now = Now;
        foreach (var channel in _channels.Values)
        {
            channel.Tick(now);
            lock (_gate)
            {
                if (channel.TryClose(now, options.Value.ReleaseAfter) && _channels.TryRemove(new(channel.Owner, channel)))
                    backplane?.Unsubscribe(channel.Owner);
            }
        }
    }

    private OwnerChannel Open(Guid owner)
    {
        lock (_gate)
        {
            return _channels.TryGetValue(owner, out var other)
                ? other
                : _channels[owner] = new(owner) { Subscribed = backplane?.SubscribeAsync(owner) ?? Task.CompletedTask };
        }
    }
}
