using System.Diagnostics;

namespace AspireFeedback.Bench.Load;

/// <summary>When the next request goes out.</summary>
internal static class Loops
{
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromMilliseconds(10);

    /// <summary>Closed: each of so many lanes sends the next when its last is done.</summary>
    public static Task ClosedAsync(ILoad load, int inFlight, Tally tally, CancellationToken cancellationToken)
    {
        var last = -1L;
        return Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(LaneAsync, cancellationToken)));

        async Task LaneAsync()
        {
            while (tally.IsOpen && !cancellationToken.IsCancellationRequested)
            {
                if (!await OnceAsync(load, Interlocked.Increment(ref last), Stopwatch.GetTimestamp(), tally, cancellationToken))
                    await Task.Delay(s_afterFailure, CancellationToken.None);
            }
        }
    }

    /// <summary>
    /// Open: sends by the clock, however slow the answers are, and counts from when a request was due. So a stall costs every request that it
    /// kept waiting, not only those that were under way.
    /// </summary>
    public static async Task OpenAsync(ILoad load, int rate, Tally tally, CancellationToken cancellationToken)
    {
        var running = await Task.Factory.StartNew(Send, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(running);

        List<Task> Send()
        {
            var sent = new List<Task>();
            var start = Stopwatch.GetTimestamp();
            for (var number = 0L; tally.IsOpen; number++)
            {
                var due = start + number * Stopwatch.Frequency / rate;
                // A thread of its own that sleeps: the pool's timers would be later, and spinning would take a core from what is measured.
                while (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } early)
                    Thread.Sleep((int)Math.Ceiling(early.TotalMilliseconds));
                tally.Late(Stopwatch.GetTimestamp() - due);
                sent.Add(OnceAsync(load, number, due, tally, cancellationToken));
            }

            return sent;
        }
    }

    private static async Task<bool> OnceAsync(ILoad load, long number, long began, Tally tally, CancellationToken cancellationToken)
    {
        tally.Begin(began);
        try
        {
            tally.End(began, await load.OnceAsync(number, cancellationToken));
            return true;
        }
        catch (OperationCanceledException)
        {
            // The deadline: it counts as not finished.
            return false;
        }
        catch (LoadException e)
        {
            tally.Fail(began, e.Message);
            return false;
        }
    }
}
