using System.Globalization;
using System.Net;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

public sealed class Reading(RunningSystem system) : ContractTest(system)
{
    [Fact]
    public async Task Tells_what_caches_and_scripts_need()
    {
        var id = await AcceptedAsync(new { text = "a", delayMs = 1_500 });
        var running = await GetAsync($"/requests/{id}");
        await Me.UntilAsync(id, "Succeeded", Cancellation);
        var ended = await GetAsync($"/requests/{id}");

        running.ETag!.ToString().ShouldBe($"W/\"{Version(running)}\"");
        running.Headers.RetryAfter.ShouldNotBeNull();
        ended.Headers.RetryAfter.ShouldBeNull();
        ended.Expires.ShouldNotBeNull().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddHours(23));
        ended.Json.GetProperty("expiresAt").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddHours(23));
        foreach (var answer in new[] { running, ended })
        {
            answer.Headers.CacheControl!.ToString().ShouldBe("no-cache, private");
            string.Join(", ", answer.Headers.Vary).ShouldBe("Cookie, Authorization, Prefer");
        }
    }

    [Fact]
    public async Task What_has_not_changed_is_304()
    {
        var id = await EndedAsync();
        var tag = (await GetAsync($"/requests/{id}")).ETag!.ToString();
        var same = await GetAsync($"/requests/{id}", ("If-None-Match", tag));
        var old = await GetAsync($"/requests/{id}", ("If-None-Match", "W/\"1\""));

        same.Status.ShouldBe(HttpStatusCode.NotModified);
        same.Text.ShouldBeEmpty();
        old.Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("\"x\", W/\"{0}\"")]
    [InlineData("\"{0}\"")]
    public async Task A_version_is_known_in_every_way_to_write_it(string form)
    {
        var id = await EndedAsync();
        var version = Version(await GetAsync($"/requests/{id}"));
        var answer = await GetAsync($"/requests/{id}", ("If-None-Match", string.Format(CultureInfo.InvariantCulture, form, version)));
        answer.Status.ShouldBe(HttpStatusCode.NotModified);
        answer.ETag!.ToString().ShouldBe($"W/\"{version}\"");
    }

    [Fact]
    public async Task What_waits_for_its_turn_tells_its_place_in_the_queue()
    {
        // The first attempt fails, and the second one is due a while later.
        var id = await AcceptedAsync(new { text = "a", failTimes = 1 });
        var answer = await GetAsync($"/requests/{id}");
        while (Status(answer) is not "Pending" || Number(answer) < 2)
        {
            answer.Json.GetProperty("done").GetBoolean().ShouldBeFalse("the pause between two attempts was missed");
            var next = await GetAsync($"/requests/{id}", ("Prefer", "wait=10"), ("If-None-Match", answer.ETag!.ToString()));
            answer = next.Status is HttpStatusCode.NotModified ? answer : next;
        }

        answer.Json.GetProperty("queue").GetProperty("position").GetInt32().ShouldBeGreaterThanOrEqualTo(1);
        answer.Json.GetProperty("attempt").GetProperty("nextAt").GetString()!.ShouldEndWith("Z");
        answer.Json.GetProperty("error").GetProperty("type").GetString().ShouldBe("/problems/echo-failed");
        var ended = await Me.UntilAsync(id, "Succeeded", Cancellation);
        ended.TryGetProperty("queue", out _).ShouldBeFalse();
        ended.GetProperty("result").GetProperty("text").GetString().ShouldBe("a");
    }

    [Fact]
    public async Task The_result_alone_is_at_its_own_address_once_there_is_one()
    {
        var id = await AcceptedAsync(new { text = "a", delayMs = 1_000 });
        ShouldBeProblem(await GetAsync($"/requests/{id}/result"), HttpStatusCode.NotFound, "not-found");
        await Me.UntilAsync(id, "Succeeded", Cancellation);
        (await GetAsync($"/requests/{id}/result")).Text.ShouldBe("""{"text":"a"}""");
    }

    [Fact]
    public async Task A_deadline_is_kept_and_ends_what_does_not_end_before_it()
    {
        var id = Guid.CreateVersion7();
        var deadline = DateTimeOffset.UtcNow.AddSeconds(4);
        var answer = await PutAsync(id, $$$"""{"kind":"echo","payload":{"text":"a","delayMs":60000},"deadline":"{{{deadline.ToOffset(TimeSpan.FromHours(2)):O}}}"}""");
        answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Text);
        answer.Json.GetProperty("deadline").GetString()!.ShouldEndWith("Z");
        (answer.Json.GetProperty("deadline").GetDateTimeOffset() - deadline).Duration().ShouldBeLessThan(TimeSpan.FromMilliseconds(1));
        var failed = await Me.UntilAsync(id, "Failed", Cancellation);
        failed.GetProperty("error").GetProperty("type").GetString().ShouldBe("/problems/deadline-exceeded");
    }

    [Fact]
    public async Task An_unknown_id_and_a_foreign_one_are_the_same_404()
    {
        var other = await SomebodyAsync();
        var foreign = Guid.CreateVersion7();
        await other.SubmitAsync(foreign, "echo", new { text = "a" }, Cancellation);

        foreach (var path in new[] { "", "/events", "/result" })
        {
            var answers = await Task.WhenAll(GetAsync($"/requests/{foreign}{path}"), GetAsync($"/requests/{Guid.CreateVersion7()}{path}"));
            foreach (var answer in answers)
                ShouldBeProblem(answer, HttpStatusCode.NotFound, "not-found");
        }

        ShouldBeProblem(await Me.CancelAsync(foreign, Cancellation), HttpStatusCode.NotFound, "not-found");
        ShouldBeProblem(await Me.RetryAsync(foreign, Cancellation), HttpStatusCode.NotFound, "not-found");
        ShouldBeProblem(await PostAsync($"/requests/{foreign}/input", new { answer = 1 }), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_failure_that_holds_the_request_is_told_with_200()
    {
        var id = await AcceptedAsync(new { text = "a", failTimes = 3 });
        var held = await Me.UntilAsync(id, "Held", Cancellation);

        held.GetProperty("done").GetBoolean().ShouldBeFalse();
        held.GetProperty("error").GetProperty("type").GetString().ShouldBe("/problems/echo-failed");
        (await GetAsync("/problems/echo-failed", ("Accept", "text/html"))).Text.ShouldContain(held.GetProperty("error").GetProperty("title").GetString()!);
        held.GetProperty("attempt").GetProperty("number").GetInt32().ShouldBe(3);
        held.GetProperty("attempt").GetProperty("of").GetInt32().ShouldBe(3);
        held.GetProperty("traceId").GetString()!.ShouldMatch("^[0-9a-f]{32}$");
    }

    private static int Number(Answer answer) => answer.Json.GetProperty("attempt").GetProperty("number").GetInt32();
}
