using StackExchange.Redis;

namespace AspireFeedback.Web.Feedback;

/// <summary>A channel on which an instance hears only itself: what comes back has gone the whole way through Redis.</summary>
internal sealed class RedisEcho(string channel, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly RedisChannel _channel = new(channel, RedisChannel.PatternMode.Literal);
    private TaskCompletionSource _heard = new();

    /// <summary>Subscribes anew, whatever was subscribed before.</summary>
    public async Task ListenAsync(ISubscriber subscriber, CancellationToken cancellationToken)
    {
        await subscriber.UnsubscribeAsync(_channel).WaitAsync(Patience, time, cancellationToken);
        await subscriber.SubscribeAsync(_channel, (_, _) => Volatile.Read(ref _heard).TrySetResult()).WaitAsync(Patience, time, cancellationToken);
    }

    /// <exception cref="TimeoutException">Nothing came back in time.</exception>
    public async Task HearAsync(ISubscriber subscriber, CancellationToken cancellationToken)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _heard, heard);
        await subscriber.PublishAsync(_channel, "").WaitAsync(Patience, time, cancellationToken);
        await heard.Task.WaitAsync(Patience, time, cancellationToken);
    }
}
