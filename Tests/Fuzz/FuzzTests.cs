using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AspireFeedback.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Fuzz;

/// <summary>Alone in the process: it looks at the memory.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>
/// Hostile calls over HTTP to a real replica on a real PostgreSQL: nothing is a 500, nothing is half-accepted, nothing stays open, memory is bounded.
/// <c>FUZZ_SEED</c> and <c>FUZZ_SECONDS</c> choose another run, <c>FUZZ_CASE</c> repeats one call of it.
/// </summary>
[Collection(Alone.Name)]
public sealed class FuzzTests(PostgresServer postgres, ITestOutputHelper output)
{
    private const int Workers = 8;
    private const long MemoryLimit = 96L * 1024 * 1024;
    private const int MostFindings = 5;

    private static readonly IReadOnlyList<Attack> Mix = [.. Attacks.All, .. Attacks.All, .. Attacks.All, .. Connections.All, .. HubAttacks.All];

    private readonly ErrorLog _errors = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static int Seed => Number("FUZZ_SEED") ?? 1;

    [Fact]
    public async Task Whatever_is_sent_is_answered_as_promised_and_leaves_nothing_behind()
    {
        var (seed, duration) = (Seed, TimeSpan.FromSeconds(Number("FUZZ_SECONDS") ?? 20));
        output.WriteLine($"FUZZ_SEED={seed}");
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var web = await StartAsync(database);
        await using var log = LogTables.Of(database);
        using var gauges = new Gauges(web);
        var target = await FuzzTarget.ArriveAsync(web, Cancellation);
        if (Number("FUZZ_CASE") is { } single)
        {
            await RunAsync(target, seed, single);
            return;
        }

        // Until everything has been compiled and every pool filled, memory grows for good reasons.
        var findings = new ConcurrentQueue<string>();
        var slow = Task.WhenAll(Connections.Slow.Select((attack, n) => TryAsync(findings, $"slow {n}", () => attack(target, new(seed + n), Cancellation))));
        var (cases, warm) = (await FuzzAsync(target, findings, seed, 0, duration / 4), await HeldMemoryAsync());
        cases = await FuzzAsync(target, findings, seed, cases, duration * 3 / 4);
        await slow;

        output.WriteLine($"{cases} calls: {string.Join(", ", target.Statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} × {pair.Key}"))}");
        findings.ShouldBeEmpty($"FUZZ_SEED={seed}");
        _errors.Errors.ShouldBeEmpty($"FUZZ_SEED={seed}");
        await LogAgreement.CheckAsync(web, log, target);
        await Eventually.HoldsAsync(() => gauges.Values.All(gauge => gauge.Value == 0), string.Join(", ", gauges.Values));
        gauges.Values.Keys.ShouldContain("kestrel.active_connections");
        gauges.Values.Keys.ShouldContain("feedback.connections");
        (await HeldMemoryAsync() - warm).ShouldBeLessThan(MemoryLimit);
    }

    private async Task<int> FuzzAsync(FuzzTarget target, ConcurrentQueue<string> findings, int seed, int first, TimeSpan duration)
    {
        var (next, started) = (first - 1, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(started) < duration && findings.Count < MostFindings)
            {
                var number = Interlocked.Increment(ref next);
                await TryAsync(findings, $"FUZZ_CASE={number}", () => RunAsync(target, seed, number));
            }
        }));
        return next + 1;
    }

    /// <summary>A case is a function of the seed and its number.</summary>
    private static Task RunAsync(FuzzTarget target, int seed, int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        return Hostile.Pick(random, Mix)(target, random, Cancellation);
    }

    private static async Task TryAsync(ConcurrentQueue<string> findings, string what, Func<Task> run)
    {
        try
        {
            await run();
        }
#pragma warning disable CA1031 // Whatever it is, it is a finding.
        catch (Exception e) when (!Cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            findings.Enqueue($"{what}: {e}");
        }
    }

    private async Task<WebReplica> StartAsync(string database)
    {
        string[] limits = ["TokensPerOwner", "RefreshesPerAddress", "CodesPerOwner", "PairingsPerAddress", "PairingsPerCode", "SignUpsPerAddress", "SignInsPerAddress", "SignInsPerName", "SignInsPerNameAndAddress", "RevocationsPerAddress", "AdminKeysPerAddress"];
        return await ContractReplica.StartAsync(
            database,
            builder =>
            {
                builder.Logging.AddProvider(_errors).SetMinimumLevel(LogLevel.Error);
                builder.WebHost.ConfigureKestrel(kestrel =>
                {
                    kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5); // half a minute by default, which would be the whole run
                    kestrel.Limits.MinRequestBodyDataRate = new(240, TimeSpan.FromSeconds(5)); // the default, which other tests switch off
                });
            },
            [.. limits.Select(limit => ($"Identity:{limit}", "1000000")), ("Files:MaxBytes", "1000000")]);
    }

    private static async Task<long> HeldMemoryAsync()
    {
        // Finalizers and pools that trim themselves need a moment; the smallest of some readings is what is held.
        var smallest = long.MaxValue;
        for (var n = 0; n < 5; n++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            smallest = Math.Min(smallest, GC.GetTotalMemory(forceFullCollection: true));
            await Task.Delay(100, Cancellation);
        }

        return smallest;
    }

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
