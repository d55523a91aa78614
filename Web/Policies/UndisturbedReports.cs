using AspireFeedback.Messaging;

namespace AspireFeedback.Web.Policies;

/// <summary>
/// For how long reports could get here: silence means something only for a time in which the broker was there, let workers send, and had nothing
/// waiting for us. Observed about once a second.
/// </summary>
internal sealed class UndisturbedReports(ITransport transport, TimeProvider time)
{
    private long _sinceTicks = long.MaxValue;

    /// <summary>Zero after a disturbance.</summary>
    public TimeSpan Lasted => new(Math.Max(0, time.GetUtcNow().Ticks - Interlocked.Read(ref _sinceTicks)));

    public async Task ObserveAsync(CancellationToken cancellationToken)
    {
        if (!transport.IsConnected || transport.IsBlocked || await transport.CountReadyReportsAsync(cancellationToken) is not 0)
            Disturbed();
        else
            Interlocked.CompareExchange(ref _sinceTicks, time.GetUtcNow().Ticks, long.MaxValue);
    }

    public void Disturbed() => Interlocked.Exchange(ref _sinceTicks, long.MaxValue);
}
