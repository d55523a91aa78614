using System.Globalization;
using AspireFeedback.LocalAspire.Testing;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Faults;

/// <summary>
/// Whatever is killed, paused or restarted, and whenever: the promises hold. <c>FAULT_SEEDS</c> (<c>1-10</c> or <c>7</c>) and <c>FAULT_SECONDS</c>
/// choose other and longer runs; a seed that failed makes the same calls and faults again.
/// </summary>
[Collection(SystemTests.Name)]
public sealed class FaultTests(RunningSystem system, ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static IEnumerable<TheoryDataRow<int>> Seeds
    {
        get
        {
            var range = (Environment.GetEnvironmentVariable("FAULT_SEEDS") ?? "1").Split('-').Select(x => int.Parse(x, CultureInfo.InvariantCulture)).ToArray();
            return Enumerable.Range(range[0], range[^1] - range[0] + 1).Select(seed => new TheoryDataRow<int>(seed));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Nothing_is_lost_repeated_mixed_up_or_left_unended(int seed)
    {
        var seconds = double.Parse(Environment.GetEnvironmentVariable("FAULT_SECONDS") ?? "75", CultureInfo.InvariantCulture);
        var app = await system.StartAsync(Cancellation);
        var report = await new FaultRun(app, system.Ledger, FaultPlan.Of(seed, TimeSpan.FromSeconds(seconds))).RunAsync(Cancellation);

        output.WriteLine($"{report}");
        if (Environment.GetEnvironmentVariable("FAULT_REPORT") is { Length: > 0 } file)
            await File.AppendAllTextAsync(file, $"{report}\n", Cancellation);
        report.Violations.ShouldBeEmpty($"{report}\n{string.Join('\n', report.Plan.Faults)}\n{app.LogsOf(lines: 60)}");
    }
}
