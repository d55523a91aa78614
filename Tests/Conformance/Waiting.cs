using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

/// <summary><c>Prefer: wait=N</c> (RFC 7240).</summary>
public sealed class Waiting(RunningSystem system) : ContractTest(system)
{
    [Fact]
    public async Task A_submit_that_ends_in_time_is_200_with_the_result()
    {
        var answer = await SubmitAsync(new { text = "a", delayMs = 200 }, "wait=20");

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        Status(answer).ShouldBe("Succeeded");
        answer.Headers.GetValues("Preference-Applied").ShouldBe(["wait=20"]);
    }

    [Fact]
    public async Task A_submit_that_does_not_end_in_time_is_202()
    {
        var answer = await SubmitAsync(new { text = "a", delayMs = 30_000 }, "wait=1");
        answer.Status.ShouldBe(HttpStatusCode.Accepted);
        answer.Headers.GetValues("Preference-Applied").ShouldBe(["wait=1"]);
        await Me.CancelAsync(answer.Json.GetProperty("id").GetGuid(), Cancellation);
    }

    [Fact]
    public async Task A_read_waits_for_the_end()
    {
        var id = await AcceptedAsync(new { text = "a", delayMs = 700, steps = 3 });
        var answer = await GetAsync($"/requests/{id}", ("Prefer", "wait=30"));
        Status(answer).ShouldBe("Succeeded");
    }

    [Fact]
    public async Task A_read_with_a_version_waits_for_another_one()
    {
        var id = await AcceptedAsync(new { text = "a", delayMs = 3_000, steps = 1 });
        var before = await GetAsync($"/requests/{id}");
        while (Status(before) != "Running")
            before = await GetAsync($"/requests/{id}", ("Prefer", "wait=10"), ("If-None-Match", before.ETag!.ToString()));

        var after = await GetAsync($"/requests/{id}", ("Prefer", "wait=30"), ("If-None-Match", before.ETag!.ToString()));

        after.Status.ShouldBe(HttpStatusCode.OK);
        Version(after).ShouldBeGreaterThan(Version(before));
    }

    [Fact]
    public async Task A_read_with_a_version_that_stays_is_304_at_the_end()
    {
        var id = await AcceptedAsync(new { text = "a", delayMs = 60_000 });
        var running = await Me.UntilAsync(id, "Running", Cancellation);
        var started = Stopwatch.GetTimestamp();
        var answer = await GetAsync($"/requests/{id}", ("Prefer", "wait=1"), ("If-None-Match", $"W/\"{running.GetProperty("version")}\""));

        answer.Status.ShouldBe(HttpStatusCode.NotModified);
        Stopwatch.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
        await Me.CancelAsync(id, Cancellation);
    }

    [Fact]
    public async Task A_read_with_an_old_version_does_not_wait()
    {
        var id = await AcceptedAsync(new { text = "a", delayMs = 60_000 });
        await Me.UntilAsync(id, "Running", Cancellation);
        var answer = await GetAsync($"/requests/{id}", ("Prefer", "wait=50"), ("If-None-Match", "W/\"1\""));
        (answer.Status, Status(answer)).ShouldBe((HttpStatusCode.OK, "Running"));
        await Me.CancelAsync(id, Cancellation);
    }

    [Fact]
    public async Task More_than_a_minute_is_applied_as_a_minute()
    {
        var id = await EndedAsync();
        var answer = await GetAsync($"/requests/{id}", ("Prefer", "wait=3600"));
        answer.Headers.GetValues("Preference-Applied").ShouldBe(["wait=60"]);
    }

    [Fact]
    public async Task Other_preferences_are_ignored()
    {
        var id = await EndedAsync();
        (await GetAsync($"/requests/{id}", ("Prefer", "return=minimal, respond-async"))).Headers.Contains("Preference-Applied").ShouldBeFalse();
    }

    [Fact]
    public async Task A_wish_that_cannot_be_read_is_400() =>
        ShouldBeProblem(await GetAsync($"/requests/{Guid.CreateVersion7()}", ("Prefer", "wait=soon")), HttpStatusCode.BadRequest, "invalid-query");

    private Task<Answer> SubmitAsync(object payload, string prefer) =>
        SendAsync(HttpMethod.Put, $"/requests/{Guid.CreateVersion7()}", JsonContent.Create(new { kind = "echo", payload }), ("Prefer", prefer));
}
