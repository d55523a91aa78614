using System.CommandLine;
using System.CommandLine.Parsing;
using AspireFeedback.Bench.Measuring;

namespace AspireFeedback.Bench.Stacks;

/// <summary><c>compare</c>: the whole way of other builds beside this one's, one after the other and again.</summary>
internal static class CompareCommand
{
    private static readonly Option<OtherBuild[]> s_with = new("--with")
    {
        Description = "A Release build of another stack: its name and its folder, as in Marten=../marten. May be repeated.",
        CustomParser = ParseBuilds,
        Required = true,
    };

    private static readonly Option<int> s_rounds = new("--rounds") { Description = "How often each build is measured.", DefaultValueFactory = _ => 3 };

    private static readonly Option<double> s_duration = new("--duration")
    {
        Description = "Seconds that each measurement takes, after two of warm-up.",
        DefaultValueFactory = _ => 10,
    };

    private static readonly Option<int[]> s_inFlight = new("--in-flight")
    {
        Description = "How many requests are under way at any time; a list with commas.",
        CustomParser = BenchCommand.ParseList,
        DefaultValueFactory = _ => [1, 32, 512],
    };

    public static Command Create()
    {
        s_rounds.Validators.Add(result => Check(result, result.GetValueOrDefault<int>() is >= 1 and <= 100, "is from 1 to 100"));
        s_duration.Validators.Add(result => Check(result, result.GetValueOrDefault<double>() is > 0 and <= 3600, "is above 0 and at most 3600 seconds"));
        var command = new Command("compare", "The whole way of other builds (docs/stacks.md) beside this one's, in turn, each on fresh data.")
        {
            s_with, s_rounds, s_duration, s_inFlight,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        OtherBuild?[] builds = [null, .. parsed.GetValue(s_with)!];
        var comparison = new Comparison([.. parsed.GetValue(s_inFlight)!]);
        for (var round = 1; round <= parsed.GetValue(s_rounds); round++)
        {
            foreach (var build in builds)
            {
                Console.WriteLine($"Round {round}, {build?.Name ?? Comparison.Default}: starting the system with fresh data …");
                comparison.Add(build, await MeasureAsync(build, comparison.InFlight, TimeSpan.FromSeconds(parsed.GetValue(s_duration)), cancellationToken));
            }
        }

        comparison.Print(Console.Out);
        return comparison.IsClean ? 0 : 1;
    }

    private static async Task<IReadOnlyList<Measurement>> MeasureAsync(
        OtherBuild? build, IReadOnlyList<int> inFlight, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var system = await SystemUnderLoad.StartAsync(build, cancellationToken);
        await using var log = new LogDatabase(system.Log);
        await using var load = LoadGenerator.Start();
        var measuring = new Series(system, log, load, system.Replicas, duration);
        await measuring.WarmUpAsync(cancellationToken);
        var done = new List<Measurement>();
        foreach (var number in inFlight)
            done.Add(await measuring.WholeWayAsync(number, cancellationToken));
        return done;
    }

    private static OtherBuild[] ParseBuilds(ArgumentResult result)
    {
        var builds = new List<OtherBuild>();
        foreach (var token in result.Tokens)
        {
            var parts = token.Value.Split('=', 2);
            if (parts is [{ Length: > 0 } name, { Length: > 0 } folder] && new OtherBuild(name, Path.GetFullPath(folder)) is var build && build.IsThere)
                builds.Add(build);
            else
                result.AddError($"--with takes a name and the folder of a Release build of Web and Backend, as in Marten=../marten; not '{token.Value}'.");
        }

        return [.. builds];
    }

    private static void Check(OptionResult result, bool isGood, string rule)
    {
        if (!isGood)
            result.AddError($"{result.Option.Name} {rule}.");
    }
}
