using AspireFeedback.Messaging;

namespace AspireFeedback.Web.Policies;

/// <summary>
/// For how long reports could get here: silence means something only for a time in which the broker was there, let workers send, and had nothing
/// waiting for us. Observed about once a second. The wall clock may jump, so that it does not count.
/// </summary>
internal sealed class UndisturbedReports(ITransport transport, TimeProvider time)
{
    /// <summary>Who has not looked for longer (a process that was paused, a statement that hung) does not know what waited meanwhile.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private long? _since;
    private long? _observed;

    /// <summary>Zero after a disturbance.</summary>
    public TimeSpan Lasted
    {
        get
        {
            lock (_gate)
                return _since is { } since && !IsGap() ? time.GetElapsedTime(since) : TimeSpan.Zero;
        }
    }

    public async Task ObserveAsync(CancellationToken cancellationToken)
    {
        var clear = transport.IsConnected && !transport.IsBlocked && await transport.CountReadyReportsAsync(cancellationToken) is 0;
        lock (_gate)
        {
            var trusted = clear && !IsGap();
            _observed = time.GetTimestamp();
            _since = trusted ? _since ?? _observed : null;
        }
    }

    public void Disturbed()
    {
        lock (_gate)
            _since = null;
    }

    private bool IsGap() => _observed is { } last && time.GetElapsedTime(last) > LongestGap;
}
