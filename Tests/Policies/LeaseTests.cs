using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Policies;

public sealed class LeaseTests(PostgresServer postgres) : LogOnPostgres(postgres)
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

        (await Log.FindSilentAsync(TimeSpan.FromSeconds(30), 10, Cancellation)).ShouldHaveSingleItem().Run.ShouldBe(successor);
    }

    [Fact]
    public async Task Runs_that_are_marked_as_stalled_take_no_place_from_others_that_are_silent()
    {
        var stalled = await StartAsync();
        var silent = await StartAsync();
        await HeartbeatAsync((stalled, _run), (silent, _run));
        await ExecuteAsync("update leases set seen_at = now() - interval '1 minute'");
        await ExecuteAsync($"update leases set seen_at = now() - interval '40 seconds' where request_id = '{stalled}'");
        await ExecuteAsync($"update requests set state = replace(state, '\"stalled\":false', '\"stalled\":true') where id = '{stalled}'");

        (await Log.FindSilentAsync(TimeSpan.FromSeconds(30), 1, Cancellation)).ShouldHaveSingleItem().RequestId.ShouldBe(silent);
    }

    private async Task<Guid> StartAsync()
    {
        var id = (await AcceptAsync()).Id;
        await AppendAsync(id, Report(_run, Started()));
        return id;
    }

    private Task HeartbeatAsync(params (Guid, Guid)[] runs) => Log.RenewLeasesAsync(runs.ToHashSet(), Cancellation);
}
