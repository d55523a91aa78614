using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log;

/// <summary>A run may die before its first heartbeat, and a broker that crashes may forget its message: the lease begins with the start.</summary>
public sealed class GuardTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    private readonly Guid _run = Guid.CreateVersion7();

    [Fact]
    public async Task A_run_that_never_sends_a_heartbeat_is_found()
    {
        var id = (await AcceptAsync()).Id;
        await AppendAsync(id, Report(_run, Started()));

        var silent = (await Log.FindSilentAsync(TimeSpan.FromSeconds(-1), 10, Cancellation)).ShouldHaveSingleItem();
        (silent.RequestId, silent.Run).ShouldBe((id, _run));
        (await AppendAsync(id, new StallRun(_run, silent.LastSeen))).Attempt.ShouldBe(2);
        (await Log.FindSilentAsync(TimeSpan.FromSeconds(-1), 10, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redelivered_run_is_the_one_that_is_watched()
    {
        var id = (await AcceptAsync()).Id;
        var again = Guid.CreateVersion7();
        await AppendAsync(id, Report(_run, Started()));
        await AppendAsync(id, Report(again, Started(delivery: 1)));

        (await Log.FindSilentAsync(TimeSpan.FromSeconds(-1), 10, Cancellation)).ShouldHaveSingleItem().Run.ShouldBe(again);
    }

    [Fact]
    public async Task What_has_ended_is_watched_no_more()
    {
        var ended = (await AcceptAsync()).Id;
        await AppendAsync(ended, Report(_run, Started()));
        await AppendAsync(ended, Report(_run, Succeeded()));
        var quick = (await AcceptAsync()).Id;
        await AppendAsync(quick, Report(Guid.CreateVersion7(), new() { Started = new("echo", false, 0), Outcome = new AspireFeedback.Contracts.RunSucceeded(Json("1")) }));

        (await Log.FindSilentAsync(TimeSpan.FromSeconds(-1), 10, Cancellation)).ShouldBeEmpty();
    }
}
