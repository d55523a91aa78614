using System.Net;
using AspireFeedback.LocalAspire.Testing;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.EndToEnd;

[Collection(SystemTests.Name)]
public sealed class AllTheWayTests(RunningSystem system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_csv_file_goes_in_and_its_profile_comes_back()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var file = await person.UploadAsync("city,population\nBern,134794\nBasel,173863\nZug,\n", Cancellation);
        var id = Guid.CreateVersion7();

        var accepted = await person.SubmitAsync(id, "csv-profile", new { file }, Cancellation);

        accepted.Status.ShouldBe(HttpStatusCode.Accepted, accepted.Text);
        accepted.Headers.Location!.ToString().ShouldBe($"/requests/{id}");
        accepted.Headers.RetryAfter.ShouldNotBeNull();
        var result = (await person.UntilAsync(id, "Succeeded", Cancellation)).GetProperty("result");
        result.GetProperty("rows").GetInt64().ShouldBe(3);
        var population = result.GetProperty("columns")[1];
        population.GetProperty("type").GetString().ShouldBe("integer");
        population.GetProperty("missing").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task The_stream_tells_every_step_in_order()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var id = Guid.CreateVersion7();
        await person.SubmitAsync(id, "echo", new { text = "hello", delayMs = 600, steps = 3 }, Cancellation);
        await person.UntilAsync(id, "Succeeded", Cancellation);

        var events = await person.EventsAsync(id, Cancellation);

        events.Select(e => e.GetProperty("version").GetInt32()).ShouldBe(Enumerable.Range(1, events.Count));
        var types = events.Select(e => e.GetProperty("type").GetString()).ToArray();
        types[0].ShouldBe("request-accepted");
        types[1].ShouldBe("attempt-started");
        types.ShouldContain("progress-reported");
        types[^1].ShouldBe("request-succeeded");
    }

    [Fact]
    public async Task The_id_shows_in_the_logs_of_web_and_backend()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var id = Guid.CreateVersion7();
        await person.SubmitAsync(id, "echo", new { text = "hello", delayMs = 300, steps = 2 }, Cancellation);
        await person.UntilAsync(id, "Succeeded", Cancellation);

        await Eventually.HoldsAsync(() => system.App.LogsOf("web").Contains(id.ToString(), StringComparison.Ordinal), "Web names the request");
        await Eventually.HoldsAsync(() => system.App.LogsOf("backend").Contains(id.ToString(), StringComparison.Ordinal), "Backend names the request");
    }

    [Fact]
    public async Task The_whole_way_is_one_trace_from_the_put_over_the_backend_to_the_report()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var id = Guid.CreateVersion7();
        await person.SubmitAsync(id, "echo", new { text = "traced" }, Cancellation);
        var traceId = (await person.UntilAsync(id, "Succeeded", Cancellation)).GetProperty("traceId").GetString()!;

        // Processes send their spans now and then, also what is below a span before that span. No gaps: each hangs below one that is there, but for the first.
        IReadOnlyList<CollectedSpan> spans = [];
        await Eventually.HoldsAsync(() =>
        {
            spans = system.Spans.Of(traceId);
            var ids = spans.Select(span => span.SpanId).ToHashSet();
            return spans.Any(span => span.Name == "take report") && spans.Any(span => span is { Service: "backend", Name: "echo" })
                && spans.Where(span => !ids.Contains(span.ParentId)).Select(span => span.ParentId).ToList() is [""];
        }, $"one tree of spans of web and backend in {traceId}");
        spans.Single(span => span.ParentId.Length == 0).Name.ShouldStartWith("PUT /requests");
    }

    [Fact]
    public async Task A_repeated_submit_returns_where_the_first_stands_and_runs_once()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var id = Guid.CreateVersion7();
        await person.SubmitAsync(id, "echo", new { text = "once" }, Cancellation);
        await person.UntilAsync(id, "Succeeded", Cancellation);

        var again = await person.SubmitAsync(id, "echo", new { text = "once" }, Cancellation);
        var other = await person.SubmitAsync(id, "echo", new { text = "twice" }, Cancellation);

        again.Status.ShouldBe(HttpStatusCode.OK);
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        again.Json.GetProperty("result").GetProperty("text").GetString().ShouldBe("once");
        other.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        other.Json.GetProperty("type").GetString().ShouldBe("/problems/id-reused");
        (await person.EventsAsync(id, Cancellation)).Count(e => e.GetProperty("type").GetString() == "attempt-started").ShouldBe(1);
    }

    [Fact]
    public async Task A_request_is_nobody_elses()
    {
        using var owner = await system.NewPersonAsync(Cancellation);
        using var stranger = await system.NewPersonAsync(Cancellation);
        var id = Guid.CreateVersion7();
        await owner.SubmitAsync(id, "echo", new { text = "mine" }, Cancellation);

        (await stranger.GetAsync($"/requests/{id}", Cancellation)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.GetAsync($"/requests/{id}/events", Cancellation)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.CancelAsync(id, Cancellation)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.GetAsync("/requests", Cancellation)).Json.GetProperty("requests").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_failing_attempt_is_retried_and_after_the_last_one_a_person_decides()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var id = Guid.CreateVersion7();
        await person.SubmitAsync(id, "echo", new { text = "at last", failTimes = 3 }, Cancellation);

        var held = await person.UntilAsync(id, "Held", Cancellation);
        held.GetProperty("error").GetProperty("type").GetString().ShouldNotBeNullOrEmpty();
        held.GetProperty("attempt").GetProperty("of").GetInt32().ShouldBe(3);

        (await person.RetryAsync(id, Cancellation)).Status.ShouldBe(HttpStatusCode.Accepted);
        (await person.UntilAsync(id, "Succeeded", Cancellation)).GetProperty("result").GetProperty("text").GetString().ShouldBe("at last");
        (await person.RetryAsync(id, Cancellation)).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_cancel_stops_the_work()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var id = Guid.CreateVersion7();
        await person.SubmitAsync(id, "echo", new { text = "never", delayMs = 600_000, steps = 600 }, Cancellation);
        await person.UntilAsync(id, "Running", Cancellation);

        (await person.CancelAsync(id, Cancellation)).Status.ShouldBe(HttpStatusCode.Accepted);

        await person.UntilAsync(id, "Canceled", Cancellation);
        (await person.CancelAsync(id, Cancellation)).Status.ShouldBe(HttpStatusCode.OK);
        (await person.EventsAsync(id, Cancellation))[^1].GetProperty("data").GetProperty("run").GetString().ShouldNotBeNull("the worker answered");
    }
}
