using AspireFeedback.Web.Log;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Admission;

/// <summary>Whether more waits in the outbox than is to be kept. Counted once a second while somebody submits.</summary>
internal sealed class UnsentMessages(ILogUpkeep log, IOptions<AdmissionOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Outdated = TimeSpan.FromSeconds(10);

    private volatile bool _asked;
    private volatile bool _tooMany;
    private long _countedAt;
    private long _outdatedTicks = Outdated.Ticks;

    /// <summary>Until the next count: where counting takes long, a count holds longer.</summary>
    public TimeSpan Pause
    {
        set => Interlocked.Exchange(ref _outdatedTicks, Math.Max(Outdated.Ticks, 2 * value.Ticks));
    }

    public bool AreTooMany()
    {
        _asked = true;
        return _tooMany && time.GetElapsedTime(Interlocked.Read(ref _countedAt)).Ticks < Interlocked.Read(ref _outdatedTicks);
    }

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var limit = options.Value.Unsent;
        if (limit == 0 || !_asked)
            return;
        _asked = false;
        _tooMany = await log.CountUnsentAsync(limit, cancellationToken) >= limit;
        Interlocked.Exchange(ref _countedAt, time.GetTimestamp());
    }
}
