using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log;

public sealed class RunTests
{
    private readonly Guid _run = Guid.CreateVersion7();
    private readonly Guid _other = Guid.CreateVersion7();

    [Fact]
    public void A_start_makes_the_run_current()
    {
        var request = new Given().When(_run, Started());

        request.Last.Events.ShouldHaveSingleItem().ShouldBeOfType<AttemptStarted>().Run.ShouldBe(_run);
        request.State.Status.ShouldBe(RequestStatus.Running);
        request.State.Run.ShouldBe(_run);
    }

    [Fact]
    public void A_start_told_twice_happens_once() => new Given().When(_run, Started()).When(_run, Started()).Last.Events.ShouldBeEmpty();

    [Fact]
    public void An_outcome_that_overtakes_its_start_implies_it()
    {
        var request = new Given().When(_run, Failed());

        request.Last.Events.Select(e => e.GetType()).ShouldBe([typeof(AttemptStarted), typeof(AttemptFailed)]);
        request.When(_run, Started()).Last.Events.ShouldBeEmpty();
    }

    [Fact]
    public void The_first_success_wins_whichever_run_it_comes_from()
    {
        var request = new Given().When(_run, Started()).When(_other, Started(delivery: 1)).When(_run, Succeeded("1"));

        request.State.Status.ShouldBe(RequestStatus.Succeeded);
        request.When(_other, Succeeded("2")).Last.Events.ShouldBeEmpty();
        request.State.Result.ShouldBe("1");
    }

    [Fact]
    public void A_success_counts_even_when_the_request_is_held()
    {
        var request = new Given().When(_run, Failed()).When(_run, Failed(), attempt: 2).When(_run, Failed(), attempt: 3);
        request.State.Status.ShouldBe(RequestStatus.Held);

        request.When(_run, Succeeded(), attempt: 2).State.Status.ShouldBe(RequestStatus.Succeeded);
    }

    [Fact]
    public void A_redelivery_supersedes_the_run_before_it_and_progress_restarts()
    {
        var request = new Given().When(_run, Started()).When(_run, Progress(5, 80)).When(_other, Started(delivery: 1));

        request.State.Run.ShouldBe(_other);
        request.State.Percent.ShouldBeNull();
        request.When(_run, Progress(6, 90)).Last.Events.ShouldBeEmpty();
        request.When(_run, Failed()).Last.Events.ShouldBeEmpty();
    }

    [Fact]
    public void The_start_of_an_earlier_delivery_that_comes_late_changes_nothing()
    {
        var request = new Given().When(_other, Started(delivery: 1)).When(_run, Started());

        request.Last.Events.ShouldBeEmpty();
        request.Last.StopRun.ShouldBeTrue();
        request.State.Run.ShouldBe(_other);
    }

    [Fact]
    public void An_older_progress_loses()
    {
        var request = new Given().When(_run, Progress(7, 70)).When(_run, Progress(6, 60));

        request.Last.Events.ShouldBeEmpty();
        request.State.Percent.ShouldBe(70);
    }

    [Fact]
    public void Output_is_appended_once_by_its_index_in_any_order()
    {
        var request = new Given();
        foreach (var index in new[] { 2, 0, 2, 1, 0, 3 })
            request.When(_run, new() { Output = [new(index, $"{index}")] });

        request.State.OutputNext.ShouldBe(4);
        request.State.OutputAhead.ShouldBeNull();
        request.State.Version.ShouldBe(1 + 1 + 4);
    }

    [Fact]
    public void A_report_of_a_worker_on_something_that_ended_tells_it_to_stop() =>
        new Given().When(_run, Succeeded()).When(_other, Started()).Last.StopRun.ShouldBeTrue();

    [Fact]
    public void A_forward_moves_the_place_where_a_retry_resumes()
    {
        var request = new Given().When(_run, new() { Outcome = new RunForwarded("stock", Json("""{"sku":"a"}""")) });
        request.State.NextKind.ShouldBe("stock");
        var forwardedAt = request.State.Version;

        request.When(_other, Failed(), hop: 2);

        request.State.Attempt.ShouldBe(2);
        request.State.ResumeHop.ShouldBe(2);
        request.State.ResumeVersion.ShouldBe(forwardedAt);
    }

    [Fact]
    public void A_forward_told_twice_or_after_its_successor_started_happens_once()
    {
        var forwarded = new RunReport { Outcome = new RunForwarded("stock", Json("{}")) };
        var request = new Given().When(_run, Started()).When(_other, Started(), hop: 2).When(_run, forwarded);

        request.Last.Events.ShouldHaveSingleItem().ShouldBeOfType<HopForwarded>();
        request.State.Run.ShouldBe(_other);
        request.When(_run, forwarded).Last.Events.ShouldBeEmpty();
    }

    [Fact]
    public void A_forward_takes_the_dispatch_of_the_hop_before_out_of_the_outbox()
    {
        var before = new Given().When(_run, Started()).State;
        var events = RequestDecisions.Decide(before, Report(_run, new() { Outcome = new RunForwarded("stock", Json("{}")) }), Policy, Start).Events;

        DispatchPlan.Of(Commit.Of(before, events, Start)).DropWork.ShouldBeTrue();
    }

    [Fact]
    public void An_outcome_that_overtakes_the_start_of_its_redelivery_counts()
    {
        var request = new Given().When(_run, Started(delivery: 1)).When(_other, Failed());

        request.State.Failures.ShouldBe(1);
        request.When(_other, Started(delivery: 2)).Last.Events.ShouldBeEmpty();
    }
}
