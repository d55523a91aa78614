using System.Net;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

/// <summary>Cancel, retry, answer.</summary>
public sealed class Changing(RunningSystem system) : ContractTest(system)
{
    [Fact]
    public async Task A_cancel_is_202_again_and_again_and_200_once_it_is_canceled()
    {
        var id = await AcceptedAsync(new { text = "a", delayMs = 60_000, steps = 60 });
        await Me.UntilAsync(id, "Running", Cancellation);

        var first = await Me.CancelAsync(id, Cancellation);
        first.Status.ShouldBe(HttpStatusCode.Accepted);
        first.Json.GetProperty("cancelRequestedAt").GetString().ShouldNotBeNullOrEmpty();
        (await Me.CancelAsync(id, Cancellation)).Status.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.OK);
        await Me.UntilAsync(id, "Canceled", Cancellation);
        var last = await Me.CancelAsync(id, Cancellation);

        last.Status.ShouldBe(HttpStatusCode.OK);
        Status(last).ShouldBe("Canceled");
        (await GetAsync($"/requests/{id}")).Status.ShouldBe(HttpStatusCode.OK, "the resource stays");
    }

    [Fact]
    public async Task A_cancel_of_what_has_ended_is_409() =>
        ShouldBeProblem(await Me.CancelAsync(await EndedAsync(), Cancellation), HttpStatusCode.Conflict, "already-ended");

    [Fact]
    public async Task A_retry_of_what_is_held_goes_on_under_the_same_id()
    {
        var id = await AcceptedAsync(new { text = "a", failTimes = 3 });
        var held = await Me.UntilAsync(id, "Held", Cancellation);

        ShouldBeProblem(await PostAsync($"/requests/{id}/retry", new { version = 1 }), HttpStatusCode.Conflict, "version-moved");
        (await PostAsync($"/requests/{id}/retry", new { version = held.GetProperty("version").GetInt32() })).Status.ShouldBe(HttpStatusCode.Accepted);

        var ended = await Me.UntilAsync(id, "Succeeded", Cancellation);
        ended.GetProperty("version").GetInt32().ShouldBeGreaterThan(held.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task A_cancel_of_what_is_held_is_an_end_at_once()
    {
        var id = await AcceptedAsync(new { text = "a", failTimes = 3 });
        await Me.UntilAsync(id, "Held", Cancellation);
        var answer = await Me.CancelAsync(id, Cancellation);
        (answer.Status, Status(answer)).ShouldBe((HttpStatusCode.Accepted, "Canceled"));
        (await Me.CancelAsync(id, Cancellation)).Status.ShouldBe(HttpStatusCode.OK);
        ShouldBeProblem(await Me.RetryAsync(id, Cancellation), HttpStatusCode.Conflict, "already-ended");
    }

    [Fact]
    public async Task A_retry_and_an_answer_that_nobody_waits_for_are_409()
    {
        var id = await AcceptedAsync(new { text = "a", delayMs = 60_000 });
        ShouldBeProblem(await Me.RetryAsync(id, Cancellation), HttpStatusCode.Conflict, "not-held");
        ShouldBeProblem(await PostAsync($"/requests/{id}/input", new { answer = 1 }), HttpStatusCode.Conflict, "not-asked");
        await Me.CancelAsync(id, Cancellation);
    }

    [Fact]
    public async Task A_retry_of_what_has_ended_is_409() => ShouldBeProblem(await PostAsync($"/requests/{await EndedAsync()}/retry"), HttpStatusCode.Conflict, "already-ended");

    [Fact]
    public async Task An_answer_to_what_has_ended_is_409() =>
        ShouldBeProblem(await PostAsync($"/requests/{await EndedAsync()}/input", new { answer = 1 }), HttpStatusCode.Conflict, "already-ended");

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    public async Task A_body_that_is_no_JSON_object_is_400(string body)
    {
        var id = await EndedAsync();
        foreach (var act in new[] { "retry", "input" })
            ShouldBeProblem(await Me.SendAsync(HttpMethod.Post, $"/requests/{id}/{act}", JsonOf(body), Cancellation), HttpStatusCode.BadRequest, "invalid-json");
    }
}
