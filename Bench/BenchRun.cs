using System.Text.Json;
using System.Text.Json.Serialization;
using AspireFeedback.Bench.Measuring;
using AspireFeedback.Bench.Reporting;

namespace AspireFeedback.Bench;

/// <summary>One run: the system up, every measurement, the report, the system down.</summary>
internal static class BenchRun
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        Console.WriteLine("Starting the system with fresh data …");
        await using var system = await SystemUnderLoad.StartAsync(cancellationToken);
        await using var log = new LogDatabase(system.Log);
        await using var load = LoadGenerator.Start();
        Console.WriteLine($"PostgreSQL: {await log.DurabilityAsync(cancellationToken)}.");
        var route = options.ThroughProxy ? "through the proxy" : "to both Web replicas in turn";
        Console.WriteLine($"{Environment.ProcessorCount} cores; two Web and two Backend replicas, Release; load {route}.");

        var measuring = new Series(system, log, load, options.ThroughProxy ? [system.Proxy] : system.Replicas, options.Duration);
        Console.WriteLine("Warming up …");
        await measuring.WarmUpAsync(cancellationToken);
        var done = await MeasureAsync(measuring, options, cancellationToken);
        Console.WriteLine($"Traces sampled: {await log.SampledAsync(cancellationToken):P1}.");
        Report.Print(done, Console.Out);
        if (options.Json is { } file)
            await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(done, s_json), cancellationToken);
        return done.All(m => m.Result is { Unfinished: 0, Failed.Count: 0, Troubles.Count: 0 }) ? 0 : 1;
    }

    private static async Task<IReadOnlyList<Measurement>> MeasureAsync(
        Series measuring, BenchOptions options, CancellationToken cancellationToken)
    {
        var done = new List<Measurement>();
        if (options.Wants(BenchOptions.Limit))
            done.AddRange(await measuring.LimitAsync(cancellationToken));
        foreach (var inFlight in options.Wants(BenchOptions.Submit) ? options.InFlight : [])
            done.Add(await measuring.SubmitAsync(inFlight, cancellationToken));
        foreach (var inFlight in options.Wants(BenchOptions.WholeWay) ? options.InFlight : [])
            done.Add(await measuring.WholeWayAsync(inFlight, cancellationToken));
        if (options.Wants(BenchOptions.WholeWay) && options.Rate > 0)
            done.Add(await measuring.OpenLoopAsync(options.Rate, cancellationToken));
        return done;
    }
}
