using AspireFeedback.Contracts;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log;

/// <summary>A run may die before its first heartbeat, and a broker that crashes may forget its message: the lease begins with the start.</summary>
public class GuardTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    private readonly Guid _run = Guid.CreateVersion7();
    private readonly Guid _next = Guid.CreateVersion7();

    [Fact]
    public async Task A_run_that_never_sends_a_heartbeat_is_found()
    {
        var id = (await AcceptAsync()).Id;
        await AppendAsync(id, Report(_run, Started()));

        var silent = (await FindSilentAsync(TimeSpan.FromSeconds(-1))).ShouldHaveSingleItem();
        (silent.RequestId, silent.Run).ShouldBe((id, _run));
        (await AppendAsync(id, new StallRun(_run, silent.LastSeen))).Attempt.ShouldBe(2);
        (await FindSilentAsync(TimeSpan.FromSeconds(-1))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redelivered_run_is_the_one_that_is_watched()
    {
        var id = (await AcceptAsync()).Id;
        var again = Guid.CreateVersion7();
        await AppendAsync(id, Report(_run, Started()));
        await AppendAsync(id, Report(again, Started(delivery: 1)));

        (await FindSilentAsync(TimeSpan.FromSeconds(-1))).ShouldHaveSingleItem().Run.ShouldBe(again);
    }

    [Fact]
    public async Task What_has_ended_is_watched_no_more()
    {
        var ended = (await AcceptAsync()).Id;
        await AppendAsync(ended, Report(_run, Started()));
        await AppendAsync(ended, Report(_run, Succeeded()));
        var quick = (await AcceptAsync()).Id;
        await AppendAsync(quick, Report(Guid.CreateVersion7(), new() { Started = new("echo", false, 0), Outcome = new RunSucceeded(Json("1")) }));

        (await FindSilentAsync(TimeSpan.FromSeconds(-1))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_forward_the_next_hop_is_watched_in_whichever_order_it_is_told(bool forwardFirst)
    {
        var id = (await AcceptAsync()).Id;
        await AppendAsync(id, Report(_run, Started()));
        foreach (var report in InOrder(forwardFirst))
            await AppendAsync(id, report);

        (await FindSilentAsync(TimeSpan.FromSeconds(-1))).ShouldHaveSingleItem().Run.ShouldBe(_next);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task And_when_both_are_told_at_once(bool forwardFirst)
    {
        var id = (await AcceptAsync()).Id;
        var before = await AppendAsync(id, Report(_run, Started()));
        var (after, events) = (before, new List<RequestEvent>());
        foreach (var report in InOrder(forwardFirst))
        {
            var decided = RequestDecisions.Decide(after, report, Policy, before.UpdatedAt).Events;
            events.AddRange(decided);
            after = decided.Aggregate(after, (state, e) => state.Apply(e, before.UpdatedAt));
        }

        events.Count.ShouldBe(2);
        (await Log.CommitAsync([new(before, after, events, before.UpdatedAt)], Cancellation))[0].Committed.ShouldBeTrue();
        (await FindSilentAsync(TimeSpan.FromSeconds(-1))).ShouldHaveSingleItem().Run.ShouldBe(_next);
    }

    [Fact]
    public async Task Between_two_hops_nobody_is_watched()
    {
        var id = (await AcceptAsync()).Id;
        await AppendAsync(id, Report(_run, Started()));
        await AppendAsync(id, Report(_run, Forwarded()));

        (await CountAsync("leases")).ShouldBe(0);
    }

    [Fact]
    public async Task A_run_that_is_told_to_stop_is_watched_on()
    {
        var id = (await AcceptAsync()).Id;
        await AppendAsync(id, Report(_run, Started()));
        await AppendAsync(id, new CancelRequest("owner"));

        (await CountAsync($"leases where run = '{_run}'")).ShouldBe(1);
    }

    private TakeReport[] InOrder(bool forwardFirst)
    {
        TakeReport[] reports = [Report(_run, Forwarded()), Report(_next, Started(), hop: 2)];
        return forwardFirst ? reports : [reports[1], reports[0]];
    }

    private static RunReport Forwarded() => new() { Outcome = new RunForwarded("csv-profile", Json("{}")) };
}
