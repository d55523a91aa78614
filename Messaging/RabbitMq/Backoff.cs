namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>Doubling waits up to a limit, half of each random, so that the processes of a restarted broker do not come back in step.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, TimeProvider time)
{
    private int _failures;

    public void Reset() => _failures = 0;

    public Task DelayAsync(CancellationToken cancellationToken)
    {
        var doubled = Math.Min(first.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 20)), longest.TotalMilliseconds);
        return Task.Delay(TimeSpan.FromMilliseconds(doubled * (0.5 + (Random.Shared.NextDouble() / 2))), time, cancellationToken);
    }
}
