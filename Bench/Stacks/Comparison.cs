using System.Globalization;
using AspireFeedback.Bench.Measuring;
using AspireFeedback.Bench.Reporting;

namespace AspireFeedback.Bench.Stacks;

/// <summary>What was measured of each build, and its relation to this one's of the same round: what else the machine did then, both had to bear.</summary>
internal sealed class Comparison(IReadOnlyList<int> inFlight)
{
    public const string Default = "this build";

    private readonly Dictionary<string, List<IReadOnlyList<Measurement>>> _rounds = [];

    public IReadOnlyList<int> InFlight => inFlight;

    public bool IsClean => _rounds.Values.SelectMany(rounds => rounds).SelectMany(all => all).All(m => m.Result is { Unfinished: 0, Failed.Count: 0, Troubles.Count: 0 });

    public void Add(OtherBuild? build, IReadOnlyList<Measurement> measured)
    {
        var name = build?.Name ?? Default;
        if (!_rounds.TryGetValue(name, out var rounds))
            _rounds.Add(name, rounds = []);
        rounds.Add(measured);
    }

    public void Print(TextWriter output)
    {
        for (var index = 0; index < inFlight.Count; index++)
        {
            var table = new Table("", "per s", "p50 ms", "p99 ms", "CPU ms", "of its per s", "least", "most", "of its CPU", "unfinished", "failed");
            var own = Of(Default, index);
            foreach (var name in _rounds.Keys)
            {
                var all = Of(name, index);
                var ratios = all.Zip(own, (m, beside) => m.Result.PerSecond / beside.Result.PerSecond).Order().ToArray();
                table.Add([
                    name, Number(all.Select(m => m.Result.PerSecond).Median()), Number(all.Select(m => m.Result.P50).Median()),
                    Number(all.Select(m => m.Result.P99).Median()), Ratio(all.Select(Cpu).Median()),
                    Ratio(ratios.Median()), Ratio(ratios[0]), Ratio(ratios[^1]), Ratio(all.Zip(own, (m, beside) => Cpu(m) / Cpu(beside)).Median()),
                    Number(all.Sum(m => m.Result.Unfinished)), Number(all.Sum(m => m.Result.Failed.Values.Sum())),
                ]);
            }

            table.Print(output, string.Create(CultureInfo.InvariantCulture, $"whole way, {inFlight[index]} in flight: medians of {own.Count} rounds, and the part of {Default}'s in the same round"));
        }
    }

    private List<Measurement> Of(string name, int index) => [.. _rounds[name].Select(measured => measured[index])];

    /// <summary>Of all processes that take part.</summary>
    private static double Cpu(Measurement m) => m.Cores.Keys.Where(process => process != CpuTimes.Elsewhere).Sum(m.CpuMillisecondsPerRequest);

    private static string Number(double value) => value.ToString(Math.Abs(value) is >= 100 or 0 ? "N0" : "N1", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => value.ToString("N2", CultureInfo.InvariantCulture);
}
