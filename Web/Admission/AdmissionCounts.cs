using AspireFeedback.Web.Policies;

namespace AspireFeedback.Web.Admission;

/// <summary>Counts for the admission, beside the submits: about once a second, and less often where counting takes long. Old counts run out.</summary>
internal sealed class AdmissionCounts(OpenRequests open, UnsentMessages unsent, TimeProvider time, ILogger<AdmissionCounts> logger)
    : PolicyRounds("The counts for the admission", Interval, time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Counting takes at most this share of one connection's time.</summary>
    private const double Share = 0.05;

    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var begun = Time.GetTimestamp();
        try
        {
            await unsent.RefreshAsync(cancellationToken);
            await open.RefreshAsync(cancellationToken);
        }
        finally
        {
            // Also when it did not get to its end: what was counted before must last until the next try.
            unsent.Pause = open.Pause = Time.GetElapsedTime(begun) / Share;
        }
    }

    protected override Task RoundAsync(CancellationToken cancellationToken) => RunOnceAsync(cancellationToken);

    protected override TimeSpan PauseAfter(TimeSpan took) => took / Share > Interval ? took / Share : Interval;
}
