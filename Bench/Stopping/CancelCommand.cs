using System.CommandLine;
using System.Globalization;
using AspireFeedback.Bench.Measuring;
using AspireFeedback.Bench.Reporting;

namespace AspireFeedback.Bench.Stopping;

/// <summary><c>cancel</c>: how long until work that runs somewhere has stopped.</summary>
internal static class CancelCommand
{
    private const int WarmUp = 20;

    private static readonly Option<int> s_times = new("--times") { Description = "Requests that are canceled, one after the other.", DefaultValueFactory = _ => 200 };

    public static Command Create()
    {
        var command = new Command("cancel", "From the cancel at one Web replica until the handler has stopped, wherever it runs, and the other replica knows it.") { s_times };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(s_times), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int times, CancellationToken cancellationToken)
    {
        Console.WriteLine("Starting the system with fresh data …");
        await using var system = await SystemUnderLoad.StartAsync(cancellationToken);
        using var cancels = await Cancels.ArriveAsync(system.Replicas, cancellationToken);
        for (var n = 0; n < WarmUp; n++)
            await cancels.OnceAsync(n, cancellationToken);
        var average = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        var all = new List<CancelTimes>(times);
        for (var n = 0; n < times; n++)
            all.Add(await cancels.OnceAsync(n, cancellationToken));

        var table = new Table("", "p50 ms", "p95 ms", "p99 ms", "max ms");
        Add(table, "from the commit of the cancel to the commit of the worker's answer", all.Select(x => x.InTheLog));
        Add(table, "from DELETE at one replica to the answer of a wait at the other", all.Select(x => x.ForTheOwner));
        table.Print(Console.Out, $"{times} cancels of running work, {all.Count(x => x.ByWorker)} answered by their worker; load average {average}");
        return all.TrueForAll(x => x.ByWorker) ? 0 : 1;
    }

    private static void Add(Table table, string name, IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToArray();
        table.Add([name, .. new[] { 0.50, 0.95, 0.99, 1 }.Select(Percentile)]);

        string Percentile(double part) =>
            sorted.Length == 0 ? "" : sorted[(int)Math.Ceiling(part * sorted.Length) - 1].TotalMilliseconds.ToString("N1", CultureInfo.InvariantCulture);
    }
}
