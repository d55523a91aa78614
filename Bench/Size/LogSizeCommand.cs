using System.CommandLine;
using AspireFeedback.Bench.Measuring;

namespace AspireFeedback.Bench.Size;

/// <summary><c>log-size</c>: how large the log becomes (<c>docs/log.md</c>).</summary>
internal static class LogSizeCommand
{
    private const int InFlight = 32;

    private static readonly Option<int> s_seconds = new("--seconds") { Description = "For so long requests go the whole way.", DefaultValueFactory = _ => 10 };

    public static Command Create()
    {
        var command = new Command("log-size", "Bytes per request and per event in PostgreSQL, after small requests (echo) have gone the whole way.") { s_seconds };
        command.SetAction((parsed, cancellationToken) => RunAsync(TimeSpan.FromSeconds(parsed.GetValue(s_seconds)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        Console.WriteLine("Starting the system with fresh data …");
        await using var system = await SystemUnderLoad.StartAsync(cancellationToken);
        await using var log = new LogDatabase(system.Log);
        await using var load = LoadGenerator.Start();
        await using var size = new LogSize(system.Log);
        var before = await size.ReadAsync(cancellationToken);
        await new Series(system, log, load, system.Replicas, duration).WholeWayAsync(InFlight, cancellationToken);
        var left = await log.WaitUntilQuietAsync(cancellationToken);
        var now = await size.ReadAsync(cancellationToken);
        await size.VacuumAsync(cancellationToken);

        await size.PrintTablesAsync(now, cancellationToken);
        await size.PrintEventsAsync(now, cancellationToken);
        Console.WriteLine($"\n{(double)(now.Wal - before.Wal) / (now.Requests - before.Requests):N0} bytes of write-ahead log a request; {left} have not ended.");
        return left == 0 ? 0 : 1;
    }
}
