using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace AspireFeedback.Tests.Faults;

/// <summary>One seed: clients and faults at once on the running system, then time to settle, then the check.</summary>
internal sealed class FaultRun(DistributedApplication app, string ledger, FaultPlan plan)
{
    private static readonly TimeSpan s_settleLimit = TimeSpan.FromSeconds(150);
    private readonly FaultInjector _injector = new(app);
    private readonly List<SimulatedClient> _clients = [];
    private TimeSpan _settled;

    public async Task<FaultReport> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var orders in plan.Clients)
                _clients.Add(await SimulatedClient.ArriveAsync(app.GetEndpoint("web"), orders, cancellationToken));
            for (var client = 0; client < _clients.Count; client++)
            {
                var neighbour = _clients[(client + 1) % _clients.Count].History;
                _clients[client].Prey = () => neighbour.Requests.Values.Where(x => x.Accepted is not null).Select(x => (Guid?)x.Id).LastOrDefault();
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(plan.Length + s_settleLimit);
            await Task.WhenAll([_injector.RunAsync(plan.Faults, limit.Token), .. _clients.Select(client => client.RunAsync(limit.Token))]);
            var calm = Stopwatch.GetTimestamp();
            await SettleAsync(cancellationToken);
            _settled = Stopwatch.GetElapsedTime(calm);
        }
        finally
        {
            foreach (var client in _clients)
                await client.DisposeAsync();
        }

        var history = new History([.. _clients.Select(client => client.History)], await ReadLogAsync(withStreams: true, cancellationToken), ReadLedger());
        return new(plan, history, [.. _injector.Injected], _settled, Checker.Check(history));
    }

    /// <summary>Until each request has ended or is held and its client was told; what has not by then, the checker finds.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var end = DateTime.UtcNow + s_settleLimit;
        while (DateTime.UtcNow < end && !IsSettled(await ReadLogAsync(withStreams: false, cancellationToken)))
            await Task.Delay(500, cancellationToken);
    }

    private bool IsSettled(LogContents log) => _clients.SelectMany(client => client.History.Requests.Values).All(request =>
        log.Snapshots.TryGetValue(request.Id, out var snapshot)
        && snapshot.Status is "Succeeded" or "Failed" or "Canceled" or "Held"
        && snapshot.Version == request.LastOf(Channels.Hub)
        && !log.Unsent.Contains(request.Id)
        && !log.Leased.Contains(request.Id));

    private async Task<LogContents> ReadLogAsync(bool withStreams, CancellationToken cancellationToken)
    {
        var database = await app.GetConnectionStringAsync("feedback", cancellationToken);
        return await LogReading.ReadAsync(database!, [.. _clients.Select(client => client.History.Owner)], withStreams, cancellationToken);
    }

    private IReadOnlyList<AspireFeedback.Backend.Echo.LedgerLine> ReadLedger()
    {
        // The system is shared: what others had it echo is not ours to judge.
        var ours = plan.Clients.SelectMany(orders => orders).Select(order => order.Id).ToHashSet();
        return [.. LogReading.ReadLedger(ledger).Where(line => ours.Contains(line.Id))];
    }
}

internal sealed record FaultReport(FaultPlan Plan, History History, IReadOnlyList<Injected> Faults, TimeSpan Settled, IReadOnlyList<Violation> Violations)
{
    public int Requests => History.Clients.Sum(client => client.Requests.Count);

    public int Events => History.Log.Streams.Values.Sum(stream => stream.Count);

    /// <summary>For each target and kind of fault: the time until a client's next push, its median and its longest, over all clients and faults.</summary>
    public IReadOnlyList<(string Fault, int Count, TimeSpan Median, TimeSpan Longest)> Silences =>
    [
        .. Faults.GroupBy(x => $"{x.Fault.Resource} {x.Fault.Kind.ToString().ToLowerInvariant()}").OrderBy(x => x.Key, StringComparer.Ordinal).Select(group =>
        {
            var silences = group.SelectMany(x => History.Clients.Select(client => SilenceAfter(client, x.At))).OfType<TimeSpan>().Order().ToArray();
            return (group.Key, group.Count(), silences.Length == 0 ? default : silences[silences.Length / 2], silences.LastOrDefault());
        }),
    ];

    public override string ToString() => string.Join('\n',
    [
        string.Create(CultureInfo.InvariantCulture, $"seed {Plan.Seed}, {Plan.Length.TotalSeconds:f0} s: {Requests} requests, {Events} events, {Faults.Count} faults, {Violations.Count} violations, settled {Settled.TotalSeconds:f0} s after the last call"),
        .. Silences.Select(x => string.Create(CultureInfo.InvariantCulture, $"  {x.Fault}: {x.Count} times, next push after {x.Median.TotalSeconds:f2} s (median), {x.Longest.TotalSeconds:f2} s (longest)")),
        .. Faults.Select(x => $"    {x.Fault}: {string.Join(' ', History.Clients.Select(client => SilenceAfter(client, x.At)?.TotalSeconds.ToString("f1", CultureInfo.InvariantCulture)))}"),
        .. Violations.Take(20).Select(x => $"  VIOLATION {x}"),
    ]);

    private static TimeSpan? SilenceAfter(ClientHistory client, long moment) =>
        client.Pushes.Cast<long?>().FirstOrDefault(at => at > moment) is { } next ? Stopwatch.GetElapsedTime(moment, next) : null;
}
