namespace AspireFeedback.Backend.Handling;

/// <summary>The rhythm of reports.</summary>
internal static class Pace
{
    /// <summary>How often the one timer looks at all runs.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <summary>The news of a start waits this long at most for the outcome, so that a quick run is one message.</summary>
    public static readonly TimeSpan HoldStarted = TimeSpan.FromMilliseconds(50);

    public static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan _firstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(5);

    /// <summary>Doubles with every failure in a row, with jitter, so that workers do not come back all at once.</summary>
    public static TimeSpan AfterFailure(int failures)
    {
        var wait = _firstWait * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        return (wait < _longestWait ? wait : _longestWait) * (0.8 + 0.2 * Random.Shared.NextDouble());
    }

    /// <summary>False when there is no reason to try again, since one of the tokens has fired.</summary>
    public static async Task<bool> WaitAfterFailureAsync(int failures, TimeProvider time, CancellationToken lost, CancellationToken giveUp)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost, giveUp);
        try
        {
            await Task.Delay(AfterFailure(failures), time, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return false;
        }
    }
}
