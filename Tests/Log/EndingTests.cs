using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log;

public sealed class EndingTests
{
    private readonly Guid _run = Guid.CreateVersion7();

    [Fact]
    public void A_failure_schedules_the_next_attempt_later_each_time()
    {
        var request = new Given().When(_run, Failed());
        var first = request.State.NextAttemptAt!.Value - request.Now;
        request.When(_run, Failed(), attempt: 2);
        var second = request.State.NextAttemptAt!.Value - request.Now;

        request.State.Status.ShouldBe(RequestStatus.Pending);
        request.State.Attempt.ShouldBe(3);
        first.ShouldBeInRange(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(10));
        second.ShouldBeInRange(TimeSpan.FromSeconds(16), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void The_last_failure_holds_the_request_with_its_error()
    {
        var request = Held();

        request.State.Status.ShouldBe(RequestStatus.Held);
        request.State.Error.ShouldNotBeNull().Title.ShouldBe("It failed.");
        DispatchPlan.Of(Commit.Of(request.State, [], request.Now)).WorkDueAt.ShouldBeNull();
    }

    [Fact]
    public void A_retry_by_a_person_starts_counting_again_on_the_same_stream()
    {
        var request = Held();
        var before = request.State;
        request.When(new RetryRequest("owner", before.Version));

        request.State.Status.ShouldBe(RequestStatus.Pending);
        request.State.Attempt.ShouldBe(4);
        request.State.Failures.ShouldBe(0);
        DispatchPlan.Of(Commit.Of(before, request.Last.Events, request.Now)).WorkDueAt.ShouldBe(request.Now);
    }

    [Fact]
    public void A_retry_meant_for_an_earlier_version_is_refused()
    {
        var request = Held();
        request.When(new RetryRequest("owner", request.State.Version - 1)).Last.Refusal.ShouldBe(Refusal.VersionMoved);
    }

    [Fact]
    public void A_permanent_failure_ends_the_request() => new Given().When(_run, Failed(permanent: true)).State.Status.ShouldBe(RequestStatus.Failed);

    [Fact]
    public void A_worker_whose_clock_is_ahead_does_not_end_a_request_before_its_deadline()
    {
        var late = new RunReport { Outcome = new RunFailed(Problem.Of("deadline-exceeded", "The deadline has passed."), Permanent: true) };
        var request = new Given().When(_run, late);
        request.State.Status.ShouldBe(RequestStatus.Pending);
        request.State.Failures.ShouldBe(1);

        new Given { Now = request.State.Deadline }.When(_run, late).State.Status.ShouldBe(RequestStatus.Failed);
    }

    [Fact]
    public void A_failure_of_an_earlier_attempt_changes_nothing() =>
        new Given().When(_run, Failed()).When(_run, Failed(), attempt: 1).Last.Events.ShouldBeEmpty();

    [Fact]
    public void A_cancel_while_nobody_works_ends_at_once()
    {
        new Given().When(_run, Failed()).When(new CancelRequest("owner")).State.Status.ShouldBe(RequestStatus.Canceled);
        Held().When(new CancelRequest("owner")).State.Status.ShouldBe(RequestStatus.Canceled);
    }

    [Theory]
    [InlineData("success", "Succeeded")]
    [InlineData("failure", "Canceled")]
    [InlineData("canceled", "Canceled")]
    [InlineData("silence", "Canceled")]
    public void After_a_cancel_the_outcome_says_truthfully_what_happened(string outcome, string expected)
    {
        var request = new Given().When(_run, Started()).When(new CancelRequest("owner"));
        request.State.Status.ShouldBe(RequestStatus.Running);
        request.Last.Events.ShouldHaveSingleItem().ShouldBeOfType<CancellationRequested>();

        _ = outcome switch
        {
            "success" => request.When(_run, Succeeded()),
            "failure" => request.When(_run, Failed()),
            "canceled" => request.When(_run, Canceled()),
            _ => request.When(new GiveUpOnCancel()),
        };

        request.State.Status.ToString().ShouldBe(expected);
    }

    [Fact]
    public void A_cancel_tells_the_workers_and_takes_back_what_was_not_sent()
    {
        var before = new Given().When(_run, Started()).State;
        var events = RequestDecisions.Decide(before, new CancelRequest("owner"), Policy, Start).Events;
        var plan = DispatchPlan.Of(Commit.Of(before, events, Start));

        plan.ShouldBe(new DispatchPlan(DropWork: true, WorkDueAt: null, Stop: "canceled", Guard: null, Release: false, GiveUpOnCancelAt: Start.AddSeconds(30)));
    }

    [Fact]
    public void A_question_waits_for_its_answer_and_the_answer_starts_the_hop_again()
    {
        var request = new Given().When(_run, new() { Outcome = new RunAsked("approve", "Really?") });
        request.State.Status.ShouldBe(RequestStatus.InputRequired);

        request.When(new ProvideInput("approve", Json("true"), "owner"));
        request.State.Status.ShouldBe(RequestStatus.Pending);
        request.State.Attempt.ShouldBe(2);
        request.State.Failures.ShouldBe(0);
        request.State.Answers.ShouldNotBeNull().Keys.ShouldBe(["approve"]);

        request.When(new ProvideInput("approve", Json("true"), "owner")).Last.ShouldBe(Decision.Nothing, "the same answer again");
        request.When(new ProvideInput("approve", Json("false"), "owner")).Last.Refusal.ShouldBe(Refusal.NotAsked);
    }

    [Fact]
    public void An_answer_that_comes_again_is_known_also_when_the_next_hop_has_it_and_at_the_end()
    {
        var (second, third) = (Guid.NewGuid(), Guid.NewGuid());
        var request = new Given().When(_run, new() { Outcome = new RunAsked("approve", "Really?") });
        request.When(new ProvideInput("approve", Json("true"), "owner"));
        request.When(second, new() { Outcome = new RunForwarded("stock", Json("{}")) }, attempt: 2);
        request.State.Answers.ShouldBeNull("the next hop has asked nothing");

        request.When(new ProvideInput("approve", Json("true"), "owner")).Last.ShouldBe(Decision.Nothing);
        request.When(new ProvideInput("approve", Json("false"), "owner")).Last.Refusal.ShouldBe(Refusal.NotAsked);

        request.When(third, new() { Outcome = new RunSucceeded(Json("{}")) }, attempt: 2, hop: 2);
        request.State.Status.ShouldBe(RequestStatus.Succeeded);
        request.When(new ProvideInput("approve", Json("true"), "owner")).Last.ShouldBe(Decision.Nothing);
    }

    [Theory]
    [InlineData("nothing", "The work was never started.")]
    [InlineData("start", "The work was not finished in time.")]
    [InlineData("failure", "The work was not finished in time.")]
    [InlineData("question", "The work was not finished in time.")]
    [InlineData("death", "The work was not finished in time.")]
    public void A_deadline_that_passes_ends_the_request_and_says_whether_work_ever_began(string before, string detail)
    {
        var request = new Given();
        _ = before switch
        {
            "start" => request.When(_run, Started()),
            "failure" => request.When(_run, Failed()),
            "question" => request.When(_run, new() { Outcome = new RunAsked("k", "?") }),
            "death" => request.When(_run, Started()).When(new BuryAttempt(1, "delivery_limit")),
            _ => request,
        };
        request.Now = Start.AddDays(8);
        var open = request.State;
        request.When(new ExpireRequest());

        request.State.Status.ShouldBe(RequestStatus.Failed);
        var error = request.State.Error.ShouldNotBeNull();
        (error.Type, error.Detail).ShouldBe(("/problems/deadline-exceeded", detail));
        DispatchPlan.Of(Commit.Of(open, request.Last.Events, request.Now)).Stop.ShouldBe("ended");
    }

    [Fact]
    public void A_silent_worker_is_taken_over_and_its_late_failure_ignored()
    {
        var request = new Given().When(_run, Started()).When(new StallRun(_run, Start));

        request.State.Status.ShouldBe(RequestStatus.Pending);
        request.State.Attempt.ShouldBe(2);
        request.When(_run, Progress(9, 90)).Last.Events.ShouldBeEmpty("what it still does is fenced off");
        request.When(_run, Failed()).Last.Events.ShouldBeEmpty();
        request.When(_run, Succeeded()).State.Status.ShouldBe(RequestStatus.Succeeded);
    }

    [Fact]
    public void Where_the_kind_allows_no_takeover_a_silent_worker_shows_as_stalled_until_it_is_heard_of()
    {
        var running = new Given().When(_run, Started()).When(_run, Progress(1, 10)).State;
        var stalled = RequestDecisions.Decide(running, new StallRun(_run, Start), Policy with { Takeover = false }, Start).Events.ShouldHaveSingleItem();
        var state = running.Apply(stalled, Start);

        (state.Status, state.Stalled, state.Attempt, state.Failures).ShouldBe((RequestStatus.Running, true, 1, 0));
        RequestDecisions.Decide(state, new StallRun(_run, Start), Policy with { Takeover = false }, Start).Events.ShouldBeEmpty("it is told once");
        var heard = RequestDecisions.Decide(state, Report(_run, Progress(2, 20)), Policy, Start).Events.ShouldHaveSingleItem();
        state.Apply(heard, Start).Stalled.ShouldBeFalse();
    }

    private Given Held() => new Given().When(_run, Failed()).When(_run, Failed(), attempt: 2).When(_run, Failed(), attempt: 3);
}
