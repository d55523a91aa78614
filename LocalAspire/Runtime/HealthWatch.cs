
namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>
/// Asks a running instance how it is: often until the first good answer, then once a second. Who is ill for long is asked once a second too, since many
/// programs write a line about every bad answer that they give.
/// </summary>
internal static class HealthWatch
{
    private static readonly TimeSpan s_eager = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_steady = TimeSpan.FromSeconds(1);
    private const int EagerAtStart = 100;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Calls <paramref name="report"/> for every answer that counts: with null when healthy, otherwise with the reason.</summary>
    public static async Task RunAsync(Workload workload, Action<string?> report, CancellationToken cancellationToken)
    {
        var healthy = false;
        var wasHealthy = false;
        var misses = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var reason = await AskAsync(workload, cancellationToken);
            if (cancellationToken.IsCancellationRequested)
                return;

            misses = reason is null ? 0 : misses + 1;
            // One slow answer on a busy machine is no illness.
            if (reason is null || !healthy || misses >= 2)
            {
                healthy = reason is null;
                wasHealthy |= healthy;
                report(reason);
            }

            // A first bad answer is asked about again at once.
            var isEager = wasHealthy ? misses == 1 : misses <= EagerAtStart;
            await Task.Delay(isEager ? s_eager : s_steady, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<string?> AskAsync(Workload workload, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_patience);
        try
        {
            return await workload.CheckHealthAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return $"no answer within {s_patience.TotalSeconds:0} s";
        }
        // Whatever a check throws is an answer too; it must not end the watch of a process that runs.
        catch (Exception e) when (e is not null)
        {
            return e.Message;
        }
    }
}
