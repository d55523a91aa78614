using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Policies;

public class LeaseTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    private readonly Guid _run = Guid.CreateVersion7();

    [Fact]
    public async Task A_heartbeat_after_the_outcome_leaves_no_lease()
    {
        var id = await StartAsync();
        await HeartbeatAsync((id, _run));
        (await CountAsync("leases")).ShouldBe(1);
        await AppendAsync(id, Report(_run, Succeeded()));

        await HeartbeatAsync((id, _run));

        (await CountAsync("leases")).ShouldBe(0);
    }

    [Fact]
    public async Task The_heartbeat_of_a_run_that_was_replaced_does_not_speak_for_its_successor()
    {
        var id = await StartAsync();
        var successor = Guid.CreateVersion7();
        await AppendAsync(id, Report(successor, Started(delivery: 1)));
        await HeartbeatAsync((id, successor));
        await ExecuteAsync("update leases set seen_at = now() - interval '1 minute'");

        await HeartbeatAsync((id, _run));

        (await FindSilentAsync(TimeSpan.FromSeconds(30))).ShouldHaveSingleItem().Run.ShouldBe(successor);
    }

    [Fact]
    public async Task Runs_that_are_marked_as_stalled_take_no_place_from_others_that_are_silent()
    {
        var stalled = await StartAsync();
        var silent = await StartAsync();
        await HeartbeatAsync((stalled, _run), (silent, _run));
        await ExecuteAsync("update leases set seen_at = now() - interval '1 minute'");
        await ExecuteAsync($"update leases set seen_at = now() - interval '40 seconds' where request_id = '{stalled}'");
        await ExecuteAsync(Implementation.UpdateState("replace(state, '\"stalled\":false', '\"stalled\":true')", $"requests.id = '{stalled}'"));

        (await FindSilentAsync(TimeSpan.FromSeconds(30), limit: 1)).ShouldHaveSingleItem().RequestId.ShouldBe(silent);
    }

    [Fact]
    public async Task A_run_is_silent_by_the_lease_of_its_hop_not_of_the_request()
    {
        var first = await StartAsync();
        var second = await StartAsync();
        var next = Guid.CreateVersion7();
        await AppendAsync(second, Report(_run, new() { Outcome = new Contracts.RunForwarded("slow", Json("{}")) }));
        await AppendAsync(second, Report(next, Started(), hop: 2));
        await HeartbeatAsync((first, _run), (second, next));
        await ExecuteAsync("update leases set seen_at = now() - interval '1 minute'");

        (await SilentAsync(("echo", 30), ("slow", 90))).ShouldBe([first]);
        (await SilentAsync(("echo", 90), ("slow", 30))).ShouldBe([second]);
    }

    [Fact]
    public async Task Runs_within_a_longer_lease_take_no_place_from_others_that_are_silent()
    {
        var patient = await StartAsync();
        var silent = await StartAsync();
        await ExecuteAsync($"update requests set kind = 'slow' where id = '{patient}'");
        await ExecuteAsync("update leases set seen_at = now() - interval '1 minute'");
        await ExecuteAsync($"update leases set seen_at = now() - interval '40 seconds' where request_id = '{patient}'");

        (await SilentAsync(("echo", 30), ("slow", 90))).ShouldBe([silent]);

        await ExecuteAsync("update requests set kind = 'gone'");
        (await SilentAsync(("echo", 30))).ShouldBeEmpty("a kind that is gone goes by the default");
    }

    /// <summary>The first that is silent by these leases, in seconds; any other kind has two minutes.</summary>
    private async Task<Guid[]> SilentAsync(params (string Kind, int Seconds)[] leases)
    {
        var byKind = leases.ToDictionary(lease => lease.Kind, lease => TimeSpan.FromSeconds(lease.Seconds));
        return [.. (await Log.FindSilentAsync(byKind, TimeSpan.FromMinutes(2), 1, Cancellation)).Select(run => run.RequestId)];
    }

    private async Task<Guid> StartAsync()
    {
        var id = (await AcceptAsync()).Id;
        await AppendAsync(id, Report(_run, Started()));
        return id;
    }

    private Task HeartbeatAsync(params (Guid, Guid)[] runs) => Log.RenewLeasesAsync(runs.ToHashSet(), Cancellation);
}
