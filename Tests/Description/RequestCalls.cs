using AspireFeedback.Contracts;
using AspireFeedback.Tests.Requests;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Description.DescribedApi;

namespace AspireFeedback.Tests.Description;

/// <summary>What is read of a request, and what its owner does to it, in every state that it can be in.</summary>
internal static class RequestCalls
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task RunAsync(DescribedApi api, WebReplica web)
    {
        using var person = await web.PersonAsync();
        using var nobody = web.Script();
        var pending = await SubmittedAsync(person);
        var succeeded = await InAsync(web, person, Log.Given.Succeeded("""{"text":"hi"}"""));
        var failed = await InAsync(web, person, Log.Given.Failed(permanent: true));
        var held = await InAsync(web, person, Log.Given.Failed(), Log.Given.Failed(), Log.Given.Failed());
        var heldToo = await InAsync(web, person, Log.Given.Failed(), Log.Given.Failed(), Log.Given.Failed());
        var waiting = await InAsync(web, person, new RunReport { Outcome = new RunAsked("approve", "May it?", Log.Given.Json("""{"type":"boolean"}""")) });
        var running = await InAsync(web, person, new RunReport { Started = new("echo"), Progress = new(1, 50, "half"), Output = [new(0, "a line")] });

        foreach (var id in new[] { pending, succeeded, failed, held, waiting, running })
        {
            var tag = (await api.CallAsync(person, "GetRequest", 200, $"/requests/{id}", headers: ("Prefer", "wait=0"))).GetProperty("version").GetInt32();
            await api.CallAsync(person, "GetRequest", 304, $"/requests/{id}", headers: ("If-None-Match", $"W/\"{tag}\""));
            await api.CallAsync(person, "GetRequestEvents", 200, $"/requests/{id}/events");
        }

        (await api.CallAsync(person, "GetRequest", 200, $"/requests/{pending}")).TryGetProperty("queue", out _).ShouldBeTrue();
        (await api.CallAsync(person, "ListRequests", 200, "/requests?limit=3")).GetProperty("requests").GetArrayLength().ShouldBe(3);
        await api.CallAsync(person, "GetResult", 200, $"/requests/{succeeded}/result");
        await StreamsAsync(api, person, nobody, succeeded);
        await RefusedReadsAsync(api, person, nobody, pending);
        await ChangesAsync(api, person, running, waiting, held, succeeded);
        await api.CallAsync(person, "CancelRequest", 202, $"/requests/{heldToo}");
        await api.CallAsync(person, "CancelRequest", 200, $"/requests/{heldToo}");
        await RefusedChangesAsync(api, person, nobody, running);
    }

    private static async Task StreamsAsync(DescribedApi api, HttpClient person, HttpClient nobody, Guid ended)
    {
        (string, string) stream = ("Accept", "text/event-stream"), foreign = ("Origin", "https://evil.example");
        await api.CallAsync(person, "GetRequestEvents", 200, $"/requests/{ended}/events", headers: stream);
        await api.CallAsync(person, "GetRequestEvents", 204, $"/requests/{ended}/events", headers: [stream, ("Last-Event-ID", "99")]);
        await api.CallAsync(person, "GetRequestEvents", 400, $"/requests/{ended}/events", null, "invalid-request", stream, ("Last-Event-ID", "x"));
        await api.CallAsync(person, "GetRequestEvents", 403, $"/requests/{ended}/events", null, "forbidden-origin", stream, foreign);
        await api.CallAsync(person, "GetMyEvents", 200, "/me/events", headers: stream);
        await api.CallAsync(person, "GetMyEvents", 400, "/me/events", null, "invalid-request", stream, ("Last-Event-ID", "x"));
        await api.CallAsync(person, "GetMyEvents", 403, "/me/events", null, "forbidden-origin", stream, foreign);
        await api.CallAsync(nobody, "GetMyEvents", 401, "/me/events", problem: "unauthorized");
    }

    private static async Task RefusedReadsAsync(DescribedApi api, HttpClient person, HttpClient nobody, Guid pending)
    {
        await api.CallAsync(person, "ListRequests", 400, "/requests?limit=0", problem: "invalid-query");
        await api.CallAsync(nobody, "ListRequests", 401, "/requests", problem: "unauthorized");
        await api.CallAsync(person, "GetRequest", 400, $"/requests/{pending}", null, "invalid-query", ("Prefer", "wait=x"));
        await api.CallAsync(person, "GetRequestEvents", 400, $"/requests/{pending}/events?after=x", problem: "invalid-query");
        foreach (var (operation, path) in new[] { ("GetRequest", ""), ("GetRequestEvents", "/events"), ("GetResult", "/result") })
        {
            await api.CallAsync(person, operation, 404, $"/requests/{Guid.NewGuid()}{path}", problem: "not-found");
            await api.CallAsync(nobody, operation, 401, $"/requests/{pending}{path}", problem: "unauthorized");
        }
    }

    private static async Task ChangesAsync(DescribedApi api, HttpClient person, Guid running, Guid waiting, Guid held, Guid succeeded)
    {
        await api.CallAsync(person, "RetryRequest", 409, $"/requests/{running}/retry", problem: "not-held");
        await api.CallAsync(person, "RetryRequest", 409, $"/requests/{succeeded}/retry", problem: "already-ended");
        await api.CallAsync(person, "ProvideInput", 409, $"/requests/{running}/input", Json("""{"answer":true}"""), "not-asked");
        await api.CallAsync(person, "ProvideInput", 409, $"/requests/{succeeded}/input", Json("""{"answer":true}"""), "already-ended");
        await api.CallAsync(person, "ProvideInput", 400, $"/requests/{waiting}/input", Json("{}"), "invalid-json");
        await api.CallAsync(person, "ProvideInput", 400, $"/requests/{waiting}/input", Json("""{"answer":"yes"}"""), "invalid-answer");
        await api.CallAsync(person, "ProvideInput", 202, $"/requests/{waiting}/input", Json("""{"key":"approve","answer":true}"""));

        await api.CallAsync(person, "RetryRequest", 409, $"/requests/{held}/retry", Json("""{"version":1}"""), "version-moved");
        await api.CallAsync(person, "RetryRequest", 202, $"/requests/{held}/retry");

        await api.CallAsync(person, "CancelRequest", 202, $"/requests/{running}");
        await api.CallAsync(person, "CancelRequest", 409, $"/requests/{succeeded}", problem: "already-ended");
    }

    private static async Task RefusedChangesAsync(DescribedApi api, HttpClient person, HttpClient nobody, Guid running)
    {
        foreach (var (operation, path) in new[] { ("RetryRequest", "/retry"), ("ProvideInput", "/input"), ("CancelRequest", "") })
        {
            await api.CallAsync(nobody, operation, 401, $"/requests/{running}{path}", problem: "unauthorized");
            await api.CallAsync(person, operation, 403, $"/requests/{running}{path}", null, "forbidden-origin", ("Origin", "null"));
            await api.CallAsync(person, operation, 404, $"/requests/{Guid.NewGuid()}{path}", problem: "not-found");
            if (operation == "CancelRequest")
                continue;
            await api.CallAsync(person, operation, 400, $"/requests/{running}{path}", Json("["), "invalid-json");
            await api.CallAsync(person, operation, 413, $"/requests/{running}{path}", Json(new string(' ', 300_000)), "too-large");
            await api.CallAsync(person, operation, 415, $"/requests/{running}{path}", new StringContent("text"), "unsupported-media-type");
        }
    }

    private static async Task<Guid> InAsync(WebReplica web, HttpClient person, params RunReport[] reports)
    {
        var id = await SubmittedAsync(person);
        foreach (var (n, report) in reports.Index())
            await web.Services.GetRequiredService<LogAppender>().AppendAsync(id, Log.Given.Report(Guid.NewGuid(), report, attempt: n + 1), Cancellation);
        return id;
    }

    private static async Task<Guid> SubmittedAsync(HttpClient person)
    {
        var id = Guid.CreateVersion7();
        (await person.SubmitAsync(id)).EnsureSuccessStatusCode();
        return id;
    }
}
