using StackExchange.Redis;

namespace AspireFeedback.Web.Feedback;

/// <summary>The owners whose channels this instance listens to.</summary>
/// <param name="connected">Where to subscribe; <c>null</c> while Redis is away, then <see cref="AnewAsync"/> makes up for it.</param>
internal sealed class RedisSubscriptions(Func<Guid, RedisChannel> channelOf, Action<Guid, RedisValue> receive, Func<ISubscriber?> connected)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Action<RedisChannel, RedisValue>> _owners = [];

    public Task AddAsync(Guid owner)
    {
        // Issued under the lock, like a removal: for one owner they reach Redis in the order in which they were wanted.
        lock (_gate)
        {
            Action<RedisChannel, RedisValue> handler = (_, message) => receive(owner, message);
            _owners[owner] = handler;
            return connected() is { } subscriber ? subscriber.SubscribeAsync(channelOf(owner), handler) : Task.CompletedTask;
        }
    }

    public void Remove(Guid owner)
    {
        lock (_gate)
        {
            if (_owners.Remove(owner))
                connected()?.Unsubscribe(channelOf(owner), flags: CommandFlags.FireAndForget);
        }
    }

    /// <summary>Subscribes to all again, whatever the client library may have restored by itself. Gives their number.</summary>
    public async Task<int> AnewAsync(ISubscriber subscriber)
    {
        Task[] again;
        lock (_gate)
        {
            foreach (var owner in _owners.Keys)
                subscriber.Unsubscribe(channelOf(owner), flags: CommandFlags.FireAndForget);
            again = [.. _owners.Select(pair => subscriber.SubscribeAsync(channelOf(pair.Key), pair.Value))];
        }
        await Task.WhenAll(again);
        return again.Length;
    }
}
