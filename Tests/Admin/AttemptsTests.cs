using AspireFeedback.Contracts;
using AspireFeedback.Tests.Log;
using AspireFeedback.Web.Admin;
using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Admin;

public sealed class AttemptsTests
{
    private static readonly Guid First = Guid.NewGuid();
    private static readonly Guid Second = Guid.NewGuid();
    private static readonly Problem Error = Problem.Of("attempt-failed", "It failed.");

    [Fact]
    public void An_attempt_waits_from_its_acceptance_and_takes_from_its_start()
    {
        var attempt = Of((0, Given.Accepted()), (2, Start(1, 1, First)), (3, new ProgressReported(1, First, 1, 50, null)), (7, new RequestSucceeded(1, First, Given.Json("1")))).ShouldHaveSingleItem();

        (attempt.Number, attempt.Outcome, attempt.WaitedMs, attempt.TookMs).ShouldBe((1, WorkOutcome.Succeeded, 2000, 5000));
        var run = attempt.Runs.ShouldHaveSingleItem();
        (run.Hop, run.Worker, run.Outcome, run.WaitedMs, run.TookMs).ShouldBe((1, "backend-1", WorkOutcome.Succeeded, 2000, 5000));
    }

    [Fact]
    public void A_backoff_is_no_waiting_since_the_next_attempt_is_due_only_after_it()
    {
        var attempts = Of((0, Given.Accepted()), (1, Start(1, 1, First)), (2, new AttemptFailed(1, First, Error, Given.Start.AddSeconds(12))), (13, Start(2, 1, Second)));

        attempts.Select(attempt => (attempt.Number, attempt.Outcome, attempt.WaitedMs, attempt.TookMs)).ShouldBe(
            [(1, WorkOutcome.Failed, 1000, 1000), (2, WorkOutcome.Running, 1000, null)]);
        attempts[0].Error.ShouldBe(Error);
    }

    [Fact]
    public void Each_hop_waits_since_the_one_before_handed_on()
    {
        var attempt = Of(
            (0, Given.Accepted()), (1, Start(1, 1, First)), (4, new HopForwarded(1, 1, "second", Given.Json("{}"))), (6, Start(1, 2, Second)),
            (9, new RequestSucceeded(1, Second, Given.Json("1")))).ShouldHaveSingleItem();

        attempt.Runs.Select(run => (run.Hop, run.Outcome, run.WaitedMs, run.TookMs)).ShouldBe(
            [(1, WorkOutcome.Forwarded, 1000, 3000), (2, WorkOutcome.Succeeded, 2000, 3000)]);
        attempt.TookMs.ShouldBe(8000);
    }

    [Fact]
    public void A_hop_whose_start_is_recorded_before_the_other_one_handed_on_is_told_all_the_same()
    {
        var attempt = Of(
            (0, Given.Accepted()), (1, Start(1, 1, First)), (4, Start(1, 2, Second)), (5, new HopForwarded(1, 1, "second", Given.Json("{}"))),
            (9, new RequestSucceeded(1, Second, Given.Json("1")))).ShouldHaveSingleItem();

        attempt.Runs.Select(run => (run.Hop, run.Outcome, run.WaitedMs, run.TookMs)).ShouldBe(
            [(1, WorkOutcome.Forwarded, 1000, 4000), (2, WorkOutcome.Succeeded, 0, 5000)]);
    }

    [Fact]
    public void A_redelivery_takes_the_place_of_the_run_before()
    {
        var attempt = Of((0, Given.Accepted()), (1, Start(1, 1, First)), (5, Start(1, 1, Second)), (6, new RequestSucceeded(1, Second, Given.Json("1")))).ShouldHaveSingleItem();

        attempt.Runs.Select(run => (run.Outcome, run.TookMs)).ShouldBe([(WorkOutcome.Superseded, 4000), (WorkOutcome.Succeeded, 1000)]);
    }

    [Fact]
    public void A_success_of_a_run_that_was_given_up_counts()
    {
        var attempts = Of(
            (0, Given.Accepted()), (1, Start(1, 1, First)), (5, new AttemptStalled(1, First, Given.Start.AddSeconds(2), Given.Start.AddSeconds(6))), (7, Start(2, 1, Second)),
            (9, new RequestSucceeded(1, First, Given.Json("1"))));

        attempts.Select(attempt => (attempt.Outcome, attempt.TookMs)).ShouldBe([(WorkOutcome.Succeeded, 8000), (WorkOutcome.Superseded, 2000)]);
        attempts[0].Runs.ShouldHaveSingleItem().EndedAt.ShouldBe(Given.Start.AddSeconds(9));
    }

    [Fact]
    public void A_silent_worker_stalls_and_may_come_back()
    {
        var silent = new[] { (0, Given.Accepted()), (1, Start(1, 1, First)), (5, (RequestEvent)new AttemptStalled(1, First, Given.Start.AddSeconds(2), null)) };

        Of(silent).ShouldHaveSingleItem().Runs.ShouldHaveSingleItem().Outcome.ShouldBe(WorkOutcome.Stalled);
        var back = Of([.. silent, (8, new ProgressReported(1, First, 1, 10, null))]).ShouldHaveSingleItem();
        (back.Outcome, back.EndedAt, back.Runs[0].Outcome).ShouldBe((WorkOutcome.Running, null, WorkOutcome.Running));
    }

    [Fact]
    public void A_question_ends_its_attempt_and_the_answer_begins_the_next()
    {
        var attempts = Of((0, Given.Accepted()), (1, Start(1, 1, First)), (2, new InputRequested(1, "ok", "Go on?", null)), (60, new InputProvided("ok", Given.Json("true"), "owner")));

        attempts.Select(attempt => (attempt.Outcome, attempt.DueAt)).ShouldBe([(WorkOutcome.Asked, Given.Start), (WorkOutcome.Waiting, Given.Start.AddSeconds(60))]);
    }

    [Fact]
    public void A_cancel_ends_what_is_open_and_not_what_had_failed()
    {
        Of((0, Given.Accepted()), (1, Start(1, 1, First)), (4, new RequestCanceled(1, First, "admin"))).ShouldHaveSingleItem().Outcome.ShouldBe(WorkOutcome.Canceled);
        Of((0, Given.Accepted()), (1, Start(1, 1, First)), (2, new AttemptFailed(1, First, Error, null)), (4, new RequestCanceled(1, null, "admin")))
            .ShouldHaveSingleItem().Outcome.ShouldBe(WorkOutcome.Failed);
    }

    [Fact]
    public void The_attempts_are_those_that_the_state_counts()
    {
        (int, RequestEvent)[] stream =
        [
            (0, Given.Accepted()), (1, Start(1, 1, First)), (2, new AttemptFailed(1, First, Error, Given.Start.AddSeconds(3))), (4, Start(2, 1, Second)),
            (5, new AttemptFailed(2, Second, Error, null)), (9, new RetryRequested("admin")),
        ];

        Of(stream).Count.ShouldBe(RequestState.Replay(Stored(stream))!.Attempt);
    }

    private static AttemptStarted Start(int attempt, int hop, Guid run) => new(attempt, hop, "echo", run, $"backend-{hop}", false, 0);

    private static IReadOnlyList<AttemptSpan> Of(params (int Seconds, RequestEvent Event)[] stream) => Attempts.Of(Stored(stream));

    private static IEnumerable<StoredEvent> Stored((int Seconds, RequestEvent Event)[] stream) =>
        stream.Select((e, n) => new StoredEvent(Given.Id, n + 1, Given.Start.AddSeconds(e.Seconds), e.Event));
}
