using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AspireFeedback.Bench.Dashboard;
using AspireFeedback.Bench.Page;
using AspireFeedback.Bench.Size;
using AspireFeedback.Bench.Stacks;
using AspireFeedback.Bench.Stopping;

namespace AspireFeedback.Bench;

/// <param name="Only">Empty: everything.</param>
internal sealed record BenchOptions(
    IReadOnlyList<string> Only, TimeSpan Duration, IReadOnlyList<int> InFlight, int Rate, bool ThroughProxy, FileInfo? Json)
{
    public const string Submit = "submit";
    public const string WholeWay = "whole-way";
    public const string Limit = "limit";

    public bool Wants(string what) => Only.Count == 0 || Only.Contains(what);
}

internal static class BenchCommand
{
    /// <summary>After Ctrl+C: time to stop the servers in order.</summary>
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(30);

    private static readonly Option<string[]> s_only = new("--only")
    {
        Description = "Measure only this. May be repeated; the limit is then measured only when it is named.",
    };

    private static readonly Option<double> s_duration = new("--duration")
    {
        Description = "Seconds that each measurement takes, after two of warm-up.",
        DefaultValueFactory = _ => 10,
    };

    private static readonly Option<int[]> s_inFlight = new("--in-flight")
    {
        Description = "Closed loop: how many requests are under way at any time; a list with commas.",
        CustomParser = ParseList,
        DefaultValueFactory = _ => [1, 32, 512],
    };

    private static readonly Option<int> s_rate = new("--rate")
    {
        Description = "Open loop: requests a second. 0: no open loop.",
        DefaultValueFactory = _ => 500,
    };

    private static readonly Option<bool> s_throughProxy = new("--through-proxy")
    {
        Description = "Through the AppHost's proxy instead of to each replica in turn.",
    };

    private static readonly Option<FileInfo?> s_json = new("--json") { Description = "Also write everything to this file." };

    public static async Task<int> RunAsync(string[] args)
    {
        s_only.AcceptOnlyFromAmong(BenchOptions.Submit, BenchOptions.WholeWay, BenchOptions.Limit);
        s_duration.Validators.Add(result => Check<double>(result, seconds => seconds is > 0 and <= 3600, "is above 0 and at most 3600 seconds"));
        s_rate.Validators.Add(result => Check<int>(result, rate => rate is >= 0 and <= 100_000, "is from 0 to 100,000"));
        var command = new RootCommand("Starts the whole system with fresh data, puts load on it and prints what it bears.")
        {
            s_only, s_duration, s_inFlight, s_rate, s_throughProxy, s_json,
        };
        command.SetAction((parsed, cancellationToken) => BenchRun.RunAsync(OptionsOf(parsed), cancellationToken));
        command.Add(SizeCommand.Create());
        command.Add(LogSizeCommand.Create());
        command.Add(CancelCommand.Create());
        command.Add(PageCommand.Create());
        command.Add(CompareCommand.Create());
        command.Add(DashboardCommand.Create());
        return await command.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = s_stop });
    }

    private static BenchOptions OptionsOf(ParseResult parsed) => new(
        parsed.GetValue(s_only) ?? [],
        TimeSpan.FromSeconds(parsed.GetValue(s_duration)),
        parsed.GetValue(s_inFlight)!,
        parsed.GetValue(s_rate),
        parsed.GetValue(s_throughProxy),
        parsed.GetValue(s_json));

    internal static int[] ParseList(ArgumentResult result)
    {
        var parts = result.Tokens.SelectMany(token => token.Value.Split(',')).ToList();
        var numbers = parts.Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out var number) ? number : 0).ToArray();
        if (numbers.Any(number => number is < 1 or > 10_000))
            result.AddError($"--in-flight takes numbers from 1 to 10,000 with commas between them, as in 1,32,512; not '{string.Join(',', parts)}'.");
        return numbers;
    }

    private static void Check<T>(OptionResult result, Func<T, bool> isGood, string rule)
        where T : IParsable<T>
    {
        // A text that is no number gets an error of its own.
        if (result.Tokens is [var token] && T.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && !isGood(value))
            result.AddError($"{result.Option.Name} {rule}.");
    }
}
