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
    }

    [Fact]
    public async Task A_failure_that_holds_the_request_is_told_with_200()
    {
        var id = await AcceptedAsync(new { text = "a", failTimes = 3 });
        var held = await Me.UntilAsync(id, "Held", Cancellation);

        held.GetProperty("done").GetBoolean().ShouldBeFalse();
        held.GetProperty("error").GetProperty("type").GetString().ShouldBe("/problems/echo-failed");
        held.GetProperty("attempt").GetProperty("number").GetInt32().ShouldBe(3);
        held.GetProperty("attempt").GetProperty("of").GetInt32().ShouldBe(3);
        held.GetProperty("traceId").GetString()!.ShouldMatch("^[0-9a-f]{32}$");
    }
}
