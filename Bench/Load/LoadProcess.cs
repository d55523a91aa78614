using System.Diagnostics;

namespace AspireFeedback.Bench.Load;

/// <summary>
/// The load generator: a process of its own, so that its CPU and its pauses are not those of anything measured. Ends with its input.
/// </summary>
internal static class LoadProcess
{
    /// <summary>Open loop: beyond so many connections a request waits, and its latency shows it.</summary>
    private const int MaxConnections = 512;

    public static async Task<int> RunAsync(TextReader input, TextWriter output)
    {
        while (await input.ReadLineAsync() is { } line)
        {
            try
            {
                var result = await MeasureAsync(LoadMessage.Read<LoadCommand>(line), phase => Tell(output, new(phase)));
                Tell(output, new(LoadPhase.Finished, result));
            }
            // Whatever it was, the one who started this measurement has to tell it.
#pragma warning disable CA1031
            catch (Exception e)
#pragma warning restore CA1031
            {
                Tell(output, new(LoadPhase.Broken, Error: e is LoadException ? e.Message : e.ToString()));
            }
        }

        return 0;
    }

    private static async Task<LoadResult> MeasureAsync(LoadCommand command, Action<LoadPhase> tell)
    {
        using var deadline = new CancellationTokenSource(command.WarmUp + command.Duration + command.Drain);
        await using var load = await ConnectAsync(command, deadline.Token);
        var from = Stopwatch.GetTimestamp() + (long)(command.WarmUp.TotalSeconds * Stopwatch.Frequency);
        var tally = new Tally(from, from + (long)(command.Duration.TotalSeconds * Stopwatch.Frequency), load.RequestsPerCall);
        var running = command.InFlight > 0
            ? Loops.ClosedAsync(load, command.InFlight, tally, deadline.Token)
            : Loops.OpenAsync(load, command.Rate, tally, deadline.Token);
        await Task.Delay(command.WarmUp);
        tell(LoadPhase.Measuring);
        await Task.Delay(command.Duration);
        tell(LoadPhase.Measured);
        await running;
        return tally.Result() with { Troubles = [.. load.Troubles] };
    }

    private static async Task<ILoad> ConnectAsync(LoadCommand command, CancellationToken cancellationToken)
    {
        var connections = command.InFlight > 0 ? command.InFlight : MaxConnections;
        return command.Kind switch
        {
            LoadKind.Submit => await Submits.ConnectAsync(command.Urls, connections, cancellationToken),
            LoadKind.WholeWay => await WholeWays.ConnectAsync(command.Urls, connections, cancellationToken),
            _ => new BareWrites(command.Database!, connections, command.Rows, command.Pattern!),
        };
    }

    private static void Tell(TextWriter output, LoadMessage message)
    {
        output.WriteLine(LoadMessage.Write(message));
        output.Flush();
    }
}
