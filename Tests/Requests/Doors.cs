using System.Globalization;
using System.Net;
using System.Text.Json;
using AspireFeedback.Tests.Feedback;
using AspireFeedback.Tests.Identity;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Requests;

/// <summary>Everything through which a replica shows a request to its owner.</summary>
internal sealed class Doors(WebReplica web, string token) : IDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public WebReplica Web { get; } = web;

    public HttpClient Http { get; } = web.Script(token);

    /// <summary>None of them shows less than this version, which somebody has been told of.</summary>
    public async Task ShouldShowAsync(Guid id, int version)
    {
        VersionOf(await ReadAsync(await Http.GetAsync($"/requests/{id}", Cancellation))).ShouldBeGreaterThanOrEqualTo(version, "document");
        (await UnlessMatchesAsync(id, version - 1)).ShouldBeGreaterThanOrEqualTo(version, "document, unless it has not changed");
        var list = (await ReadAsync(await Http.GetAsync("/requests?limit=100", Cancellation))).GetProperty("requests").EnumerateArray();
        VersionOf(list.Single(document => document.GetProperty("id").GetGuid() == id)).ShouldBeGreaterThanOrEqualTo(version, "list");

        var page = await ReadAsync(await Http.GetAsync($"/requests/{id}/events?after={version - 1}", Cancellation));
        VersionOf(page).ShouldBeGreaterThanOrEqualTo(version, "page of events");
        VersionOf(page.GetProperty("events")[0]).ShouldBe(version, "page of events");
        using (var stream = await SseClient.OpenAsync(Http, $"/requests/{id}/events?after={version - 1}"))
            (await stream.NextAsync()).ShouldNotBeNull("stream of events").Version.ShouldBe(version);

        await using var hub = await HubAsync();
        var answer = await hub.InvokeAsync("Sync", new { known = new Dictionary<Guid, int> { [id] = version - 1 } }, Cancellation);
        var events = answer.GetProperty("changes").EnumerateArray().ShouldHaveSingleItem("sync of the hub").GetProperty("events");
        VersionOf(events[0]).ShouldBe(version, "sync of the hub");
    }

    public Task<HubClient> HubAsync() => Web.HubAsync("Authorization", $"Bearer {token}");

    /// <summary>Waits until the version is another one.</summary>
    public async Task<int> LongPollAsync(Guid id, int version)
    {
        using var request = Unless(id, version);
        request.Headers.Add("Prefer", "wait=30");
        return VersionOf(await ReadAsync(await Http.SendAsync(request, Cancellation)));
    }

    public void Dispose() => Http.Dispose();

    public static int VersionOf(JsonElement document) => document.GetProperty("version").GetInt32();

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(Cancellation);
            response.IsSuccessStatusCode.ShouldBeTrue($"{(int)response.StatusCode} {body}");
            return JsonElement.Parse(body);
        }
    }

    private async Task<int> UnlessMatchesAsync(Guid id, int version)
    {
        using var request = Unless(id, version);
        var response = await Http.SendAsync(request, Cancellation);
        return response.StatusCode is HttpStatusCode.NotModified ? version : VersionOf(await ReadAsync(response));
    }

    private static HttpRequestMessage Unless(Guid id, int version) => new(HttpMethod.Get, $"/requests/{id}")
    {
        Headers = { { "If-None-Match", string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"") } },
    };
}
