using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Admission;

/// <summary>Counts for the admission, beside the submits: about once a second, and less often where counting takes long.</summary>
internal sealed partial class AdmissionCounts(OpenRequests open, UnsentMessages unsent, TimeProvider time, ILogger<AdmissionCounts> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Counting takes at most this share of one connection's time.</summary>
    private const double Share = 0.05;

    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        try
        {
            await unsent.RefreshAsync(cancellationToken);
            await open.RefreshAsync(cancellationToken);
        }
        finally
        {
            // Also when it did not get to its end: what was counted before must last until the next try.
            unsent.Pause = open.Pause = time.GetElapsedTime(begun) / Share;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = Interval;
        while (true)
        {
            await Task.Delay(pause, time, stoppingToken);
            var begun = time.GetTimestamp();
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (LogUnavailableException e)
            {
                LogOutage(e.Message); // Old counts run out; a submit fails by itself then.
            }
#pragma warning disable CA1031 // A count that fails must not stop the process that accepts requests.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailure(e);
            }

            var took = time.GetElapsedTime(begun);
            pause = took / Share > Interval ? took / Share : Interval;
        }
    }

    [LoggerMessage(1521, LogLevel.Warning, "The counts for the admission wait for PostgreSQL: {Reason}")]
    private partial void LogOutage(string reason);

    [LoggerMessage(1522, LogLevel.Error, "What is open and unsent could not be counted this time")]
    private partial void LogFailure(Exception e);
}
