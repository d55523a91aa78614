using System.Diagnostics;
using System.Globalization;
using AspireFeedback.Bench.Load;

namespace AspireFeedback.Bench.Measuring;

/// <summary>Runs one measurement after another, each on a system that has nothing left to do.</summary>
internal sealed class Series(SystemUnderLoad system, LogDatabase log, LoadGenerator load, IReadOnlyList<string> urls, TimeSpan duration)
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_warmUpRound = TimeSpan.FromSeconds(5);
    private const int MaxWarmUpRounds = 12;
    private const double WarmCores = 0.04;
    /// <summary>What the compilers take at least while they do their work.</summary>
    private const double BusyCores = 0.2;
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(20);
    private const int WarmUpInFlight = 64;
    private const int RowsPerStatement = 512;
    /// <summary>Of grouped statements: as many as two replicas of Web have under way.</summary>
    private const int GroupedConnections = 4;
    private const int SingleConnections = 32;

    public Task<Measurement> SubmitAsync(int inFlight, CancellationToken cancellationToken) =>
        MeasureAsync($"submit, {inFlight} in flight", Command(LoadKind.Submit) with { InFlight = inFlight }, cancellationToken);

    public Task<Measurement> WholeWayAsync(int inFlight, CancellationToken cancellationToken) =>
        MeasureAsync($"whole way, {inFlight} in flight", Command(LoadKind.WholeWay) with { InFlight = inFlight }, cancellationToken);

    public Task<Measurement> OpenLoopAsync(int rate, CancellationToken cancellationToken) =>
        MeasureAsync($"whole way, {rate}/s open loop", Command(LoadKind.WholeWay) with { Rate = rate }, cancellationToken);

    /// <summary>
    /// Once, before everything, until the programs are as fast as they become: what is compiled while it is measured would count as its cost. Compilers that
    /// have not been busy are no sign of it: they wait until nothing new is called for a while, which takes more than a round where the machine is busy.
    /// </summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        var programs = system.Processes(load).Where(process => process.Name.StartsWith("web", StringComparison.Ordinal)
            || process.Name.StartsWith("backend", StringComparison.Ordinal)).ToList();
        var command = Command(LoadKind.WholeWay) with { InFlight = WarmUpInFlight, WarmUp = TimeSpan.Zero, Duration = s_warmUpRound };
        var most = 0.0;
        for (var round = 1; round <= MaxWarmUpRounds; round++)
        {
            var before = TieredCompilation.Read(programs);
            await load.RunAsync(command, _ => { }, cancellationToken);
            var cores = TieredCompilation.Seconds(before, TieredCompilation.Read(programs)) / s_warmUpRound.TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {round}: the compilers of Web and Backend used {cores:N2} cores"));
            most = Math.Max(most, cores);
            if (cores < WarmCores && most >= BusyCores)
                return;
        }

        Console.WriteLine("! The compilers have not settled: what follows is slower than it could be.");
    }

    public async Task<IReadOnlyList<Measurement>> LimitAsync(CancellationToken cancellationToken)
    {
        var command = Command(LoadKind.Limit) with { Pattern = await log.PatternAsync(cancellationToken) };
        return [await OneAsync(RowsPerStatement, GroupedConnections), await OneAsync(1, SingleConnections)];

        async Task<Measurement> OneAsync(int rows, int connections) => await MeasureAsync(
            $"limit, {rows} a statement, {connections} connections",
            command with { InFlight = connections, Rows = rows, Database = await log.CreateScratchAsync(cancellationToken) },
            cancellationToken);
    }

    private LoadCommand Command(LoadKind kind) => new(kind, 0, 0, 1, s_warmUp, duration, s_drain, urls, null, null);

    private async Task<Measurement> MeasureAsync(string name, LoadCommand command, CancellationToken cancellationToken)
    {
        if (await log.WaitUntilQuietAsync(cancellationToken) is > 0 and var left)
            Console.WriteLine($"! {left} requests of the measurement before have not ended.");
        var average = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        Console.WriteLine($"  {name} …");
        var processes = system.Processes(load);
        var (started, elapsed) = (0L, TimeSpan.Zero);
        CpuTimes? before = null, after = null;
        var open = Task.FromResult(0L);
        var result = await load.RunAsync(command, Observe, cancellationToken);
        return new(name, command.Kind, command.InFlight, result, CpuTimes.Cores(before!, after!, elapsed), await open, average);

        void Observe(LoadPhase phase)
        {
            if (phase is LoadPhase.Measuring)
                (before, started) = (CpuTimes.Read(processes), Stopwatch.GetTimestamp());
            else
                (after, elapsed, open) = (CpuTimes.Read(processes), Stopwatch.GetElapsedTime(started), log.OpenAsync(cancellationToken));
        }
    }
}
