using System.Text.Json;
using AspireFeedback.Tests.Requests;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using AspireFeedback.Web.Policies;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Description.DescribedApi;

namespace AspireFeedback.Tests.Description;

/// <summary>Submits, by PUT and by POST.</summary>
internal static class SubmitCalls
{
    private const string Body = """{"kind":"echo","payload":{"text":"hi"}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task RunAsync(DescribedApi api, WebReplica web, Func<(string, string)[], Task<WebReplica>> start)
    {
        foreach (var byKey in new[] { false, true })
        {
            await WellFormedAsync(api, web, byKey);
            await RefusedAsync(api, web, byKey);
            await LimitedAsync(api, start, byKey);
        }
    }

    private static async Task WellFormedAsync(DescribedApi api, WebReplica web, bool byKey)
    {
        using var person = await web.PersonAsync();
        var id = Guid.CreateVersion7();
        await SubmitAsync(api, person, byKey, 202, $"{id}");
        await SubmitAsync(api, person, byKey, 202, $"{id}");
        await SubmitAsync(api, person, byKey, 202, $"{Guid.CreateVersion7()}", headers: ("Prefer", "wait=1"));
        await SubmitAsync(api, person, byKey, 422, $"{id}", """{"kind":"echo","payload":{"text":"other"}}""", "id-reused");

        await web.Services.GetRequiredService<LogAppender>().AppendAsync(id, Log.Given.Report(Guid.NewGuid(), Log.Given.Succeeded()), Cancellation);
        await SubmitAsync(api, person, byKey, 200, $"{id}", headers: ("Prefer", "wait=1"));

        await PassAsync(web, "1 day");
        await web.Services.GetRequiredService<Retention>().RunOnceAsync(Cancellation);
        await PassAsync(web, "1 minute");
        (await web.Services.GetRequiredService<Retention>().RunOnceAsync(Cancellation)).ShouldBe(1);
        await SubmitAsync(api, person, byKey, 410, $"{id}", problem: "gone");
    }

    private static async Task RefusedAsync(DescribedApi api, WebReplica web, bool byKey)
    {
        using var person = await web.PersonAsync();
        using var nobody = web.Script();
        var id = $"{Guid.CreateVersion7()}";
        await SubmitAsync(api, nobody, byKey, 401, id, problem: "unauthorized");
        await SubmitAsync(api, person, byKey, 403, id, problem: "forbidden-origin", headers: ("Origin", "https://evil.example"));
        await SubmitAsync(api, person, byKey, 412, id, problem: "other-owner", headers: ("Feedback-Owner", $"{Guid.NewGuid()}"));
        await SubmitAsync(api, person, byKey, 400, "17", problem: "invalid-id");
        await SubmitAsync(api, person, byKey, 400, id, problem: "invalid-query", headers: ("Prefer", "wait=soon"));
        await SubmitAsync(api, person, byKey, 400, id, "{", "invalid-json");
        (await SubmitAsync(api, person, byKey, 400, id, """{"kind":"nothing","payload":1}""", "unknown-kind")).GetProperty("kinds").EnumerateArray().ShouldNotBeEmpty();
        (await SubmitAsync(api, person, byKey, 400, id, """{"kind":"echo","payload":{}}""", "invalid-payload")).GetProperty("errors").EnumerateObject().ShouldNotBeEmpty();
        await SubmitAsync(api, person, byKey, 400, id, $$$"""{"kind":"csv-profile","payload":{"file":"{{{Guid.NewGuid()}}}"}}""", "invalid-payload");
        await SubmitAsync(api, person, byKey, 413, id, new string(' ', 1_100_000), "too-large");
        await CallAsync(api, person, byKey, 415, id, new StringContent("text"), "unsupported-media-type");
    }

    private static async Task LimitedAsync(DescribedApi api, Func<(string, string)[], Task<WebReplica>> start, bool byKey)
    {
        foreach (var (limit, status, problem) in new[] { ("OpenPerOwner", 429, "too-many-open"), ("RatePerOwner", 429, "too-fast"), ("Unsent", 503, "overloaded") })
        {
            await using var web = await start([($"Admission:{limit}", "1")]);
            using var person = await web.PersonAsync();
            HttpResponseMessage refused = null!;
            // Counted in the background, and a rate allows a burst.
            await Eventually.HoldsAsync(async () =>
            {
                var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => person.SendAsync(NewRequest(byKey), Cancellation)));
                refused = answers.FirstOrDefault(answer => (int)answer.StatusCode == status)!;
                return refused is not null;
            });
            await api.CheckAsync(byKey ? "SubmitRequestByKey" : "SubmitRequest", status, refused, problem);
        }
    }

    private static HttpRequestMessage NewRequest(bool byKey) => byKey
        ? new(HttpMethod.Post, "/requests") { Content = Json(Body), Headers = { { "Idempotency-Key", $"{Guid.CreateVersion7()}" } } }
        : new(HttpMethod.Put, $"/requests/{Guid.CreateVersion7()}") { Content = Json(Body) };

    private static Task<JsonElement> SubmitAsync(
        DescribedApi api, HttpClient client, bool byKey, int status, string id, string body = Body, string? problem = null, params (string, string)[] headers) =>
        CallAsync(api, client, byKey, status, id, Json(body), problem, headers);

    private static Task<JsonElement> CallAsync(
        DescribedApi api, HttpClient client, bool byKey, int status, string id, HttpContent content, string? problem, params (string, string)[] headers) => byKey
        ? api.CallAsync(client, "SubmitRequestByKey", status, "/requests", content, problem, [.. headers, ("Idempotency-Key", $"\"{id}\"")])
        : api.CallAsync(client, "SubmitRequest", status, $"/requests/{id}", content, problem, headers);

    private static async Task PassAsync(WebReplica web, string time) => await web.Services.GetRequiredService<LogDatabase>().CreateCommand($"""
        update requests set expires_at = expires_at - interval '{time}';
        update tombstones set removed_at = removed_at - interval '{time}'
        """).ExecuteNonQueryAsync(Cancellation);
}
