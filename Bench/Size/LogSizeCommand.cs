using System.CommandLine;
using AspireFeedback.Bench.Measuring;

namespace AspireFeedback.Bench.Size;

/// <summary><c>log-size</c>: how large the log becomes (<c>docs/log.md</c>).</summary>
internal static class LogSizeCommand
{
    private const int InFlight = 128;
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(10);

    private static readonly Option<int> s_requests = new("--requests")
    {
        Description = "At least so many: with few of them half-empty pages count.",
        DefaultValueFactory = _ => 10_000,
    };

    public static Command Create()
    {
        var command = new Command("log-size", "Bytes per request and per event in PostgreSQL, after small requests (echo) have gone the whole way.") { s_requests };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(s_requests), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int requests, CancellationToken cancellationToken)
    {
        Console.WriteLine("Starting the system with fresh data …");
        await using var system = await SystemUnderLoad.StartAsync(cancellationToken);
        await using var log = new LogDatabase(system.Log);
        await using var load = LoadGenerator.Start();
        await using var size = new LogSize(system.Log);
        var before = await size.ReadAsync(cancellationToken);
        var series = new Series(system, log, load, system.Replicas, s_round);
        var now = before;
        while (now.Requests < requests)
        {
            await series.WholeWayAsync(InFlight, cancellationToken);
            now = await size.ReadAsync(cancellationToken);
        }

        var left = await log.WaitUntilQuietAsync(cancellationToken);
        now = await size.ReadAsync(cancellationToken);
        await size.VacuumAsync(cancellationToken);

        await size.PrintTablesAsync(now, cancellationToken);
        await size.PrintEventsAsync(now, cancellationToken);
        Console.WriteLine($"\n{(double)(now.Wal - before.Wal) / (now.Requests - before.Requests):N0} bytes of write-ahead log a request; {left} have not ended.");
        return left == 0 ? 0 : 1;
    }
}
