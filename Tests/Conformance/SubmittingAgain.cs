using System.Net;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

public sealed class SubmittingAgain(RunningSystem system) : ContractTest(system)
{
    [Fact]
    public async Task The_same_is_202_while_it_runs_and_200_once_it_has_ended()
    {
        var id = await AcceptedAsync(new { text = "a", delayMs = 800, steps = 2 });
        var running = await Me.SubmitAsync(id, "echo", new { text = "a", delayMs = 800, steps = 2 }, Cancellation);
        await Me.UntilAsync(id, "Succeeded", Cancellation);
        var ended = await Me.SubmitAsync(id, "echo", new { text = "a", delayMs = 800, steps = 2 }, Cancellation);

        running.Status.ShouldBe(HttpStatusCode.Accepted);
        ended.Status.ShouldBe(HttpStatusCode.OK);
        Status(ended).ShouldBe("Succeeded");
        foreach (var answer in new[] { running, ended })
            answer.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        (await Me.EventsAsync(id, Cancellation)).Count(e => e.GetProperty("type").GetString() == "attempt-started").ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"payload":{"steps":1,"text":"a\u0062c"},"kind":"echo"}""", true)]
    [InlineData("""  { "kind" : "echo" , "payload" : { "text" : "abc" , "steps" : 1 } }""", true)]
    [InlineData("""{"kind":"echo","payload":{"text":"abc","steps":1.0}}""", false)]
    [InlineData("""{"kind":"echo","payload":{"text":"abd","steps":1}}""", false)]
    [InlineData("""{"kind":"echo","payload":{"text":"abc","steps":1,"delayMs":null}}""", false)]
    [InlineData("""{"kind":"echo","payload":{"text":"abc","steps":1},"deadline":"2090-01-01T00:00:00Z"}""", false)]
    public async Task Content_counts_and_not_how_it_is_written(string body, bool isSame)
    {
        var id = Guid.CreateVersion7();
        (await PutAsync(id, """{"kind":"echo","payload":{"text":"abc","steps":1}}""")).Status.ShouldBe(HttpStatusCode.Accepted);

        var again = await PutAsync(id, body);

        if (isSame)
            again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        else
            ShouldBeProblem(again, HttpStatusCode.UnprocessableEntity, "id-reused");
    }

    [Fact]
    public async Task The_id_of_another_owner_is_422_and_tells_nothing()
    {
        var id = await AcceptedAsync(new { text = "secret" });
        var other = await SomebodyAsync();

        foreach (var text in new[] { "secret", "other" })
        {
            var answer = await other.SubmitAsync(id, "echo", new { text }, Cancellation);
            ShouldBeProblem(answer, HttpStatusCode.UnprocessableEntity, "id-reused");
            answer.Text.ShouldNotContain("secret");
        }
    }

    [Fact]
    public async Task Many_at_once_are_one_request()
    {
        var id = Guid.CreateVersion7();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Me.SubmitAsync(id, "echo", new { text = "once" }, Cancellation)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Accepted || answer.Status == HttpStatusCode.OK);
        answers.Count(answer => !answer.Headers.Contains("Idempotent-Replayed")).ShouldBe(1);
        await Me.UntilAsync(id, "Succeeded", Cancellation);
        (await Me.EventsAsync(id, Cancellation)).Count(e => e.GetProperty("type").GetString() == "request-accepted").ShouldBe(1);
    }
}
