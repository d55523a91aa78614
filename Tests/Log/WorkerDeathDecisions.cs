using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log;

/// <summary>A worker that dies takes down all that it had: which of it is to blame.</summary>
public sealed class WorkerDeathDecisions
{
    [Fact]
    public void The_first_death_costs_nothing_and_the_next_attempt_is_run_alone()
    {
        var request = new Given().When(NewRun(), Started());
        request.State.Alone.ShouldBeFalse();
        Die(request);

        request.Last.Events.ShouldHaveSingleItem().ShouldBeOfType<AttemptFailed>().Error.Type.ShouldBe("/problems/worker-died");
        (request.State.Status, request.State.Attempt, request.State.Failures, request.State.Alone).ShouldBe((RequestStatus.Pending, 2, 0, true));
        (request.State.NextAttemptAt!.Value - request.Now).ShouldBeInRange(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(10));
        request.When(new BuryAttempt(1, "delivery_limit")).Last.Events.ShouldBeEmpty("it is told twice");
    }

    [Fact]
    public void Who_had_begun_alone_is_to_blame_and_held_in_the_end()
    {
        var request = new Given().When(NewRun(), Started());
        Die(request);
        for (var failures = 1; failures <= Policy.MaxFailures; failures++)
        {
            DieStarted(request);
            request.State.Failures.ShouldBe(failures);
        }

        request.State.Status.ShouldBe(RequestStatus.Held);
        request.State.Error.ShouldNotBeNull().Type.ShouldBe("/problems/worker-died");
    }

    [Fact]
    public void Who_waited_for_its_turn_beside_a_killer_is_not_to_blame()
    {
        var request = new Given();
        for (var deaths = 0; deaths <= Policy.MaxFailures; deaths++)
            Die(request); // with all of the killer's attempts

        (request.State.Failures, request.State.Alone).ShouldBe((0, true));
        request.When(NewRun(), Started(), request.State.Attempt).When(NewRun(), Succeeded(), request.State.Attempt).State.Status.ShouldBe(RequestStatus.Succeeded);
    }

    [Fact]
    public void It_is_not_spared_for_ever()
    {
        var request = new Given();
        for (var deaths = 0; deaths <= Policy.MaxFailures + Policy.MaxFailures; deaths++)
            Die(request); // of a worker, perhaps, that never tells when it begins

        request.State.Status.ShouldBe(RequestStatus.Held);
    }

    [Fact]
    public void What_a_worker_refuses_has_killed_nobody_and_is_a_failure()
    {
        var request = new Given().When(new BuryAttempt(1, "rejected"));
        request.State.Failures.ShouldBe(1);
    }

    [Fact]
    public void Nobody_waits_for_another_attempt_after_a_cancel()
    {
        var request = new Given().When(NewRun(), Started()).When(new CancelRequest("owner"));
        Die(request);
        request.State.Status.ShouldBe(RequestStatus.Canceled);
    }

    [Theory]
    [InlineData("fails")]
    [InlineData("asks")]
    [InlineData("is forwarded")]
    public void Who_lives_to_its_end_is_no_longer_suspected(string end)
    {
        var request = new Given();
        Die(request);
        var run = NewRun();
        _ = end switch
        {
            "fails" => request.When(run, Failed(), attempt: 2),
            "asks" => request.When(run, new() { Outcome = new Contracts.RunAsked("k", "?") }, attempt: 2),
            _ => request.When(run, new() { Outcome = new Contracts.RunForwarded("next", Json("{}")) }, attempt: 2),
        };

        request.State.Alone.ShouldBeFalse();
    }

    [Fact]
    public void A_retry_by_a_person_is_run_alone_too()
    {
        var request = new Given();
        Die(request);
        for (var failures = 1; failures <= Policy.MaxFailures; failures++)
            DieStarted(request);
        request.When(new RetryRequest("owner", null));

        (request.State.Status, request.State.Alone, request.State.Failures, request.State.Spared).ShouldBe((RequestStatus.Pending, true, 0, 0));
    }

    private static Guid NewRun() => Guid.CreateVersion7();

    private static void DieStarted(Given request)
    {
        request.When(NewRun(), Started(), request.State.Attempt);
        Die(request);
    }

    private static void Die(Given request) => request.When(new BuryAttempt(request.State.Attempt, "delivery_limit"));
}
