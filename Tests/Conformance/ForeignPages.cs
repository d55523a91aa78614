using System.Net;
using System.Net.WebSockets;
using AspireFeedback.Tests.EndToEnd;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

/// <summary>What pages of other sites cannot make a visitor's browser do, and what the own page can.</summary>
public sealed class ForeignPages(RunningSystem system) : ContractTest(system)
{
    public static TheoryData<string, string> OfOthers => new()
    {
        { "Origin", "https://evil.example" }, { "Origin", "null" }, { "Sec-Fetch-Site", "cross-site" }, { "Sec-Fetch-Site", "same-site" },
    };

    [Theory]
    [MemberData(nameof(OfOthers))]
    public async Task Are_refused_every_unsafe_method(string header, string value)
    {
        var (id, file) = (await AcceptedAsync(new { text = "a", delayMs = 60_000 }), Guid.CreateVersion7());
        foreach (var (method, path) in new[]
        {
            ("DELETE", $"/requests/{id}"), ("POST", $"/requests/{id}/retry"), ("POST", $"/requests/{id}/input"), ("PUT", $"/files/{file}"), ("POST", "/me/tokens"),
            ("DELETE", "/me/tokens"), ("POST", "/me/pairing"), ("POST", "/me/sign-out"),
        })
            ShouldBeProblem(await SendAsync(new(method), path, null, (header, value)), HttpStatusCode.Forbidden, "forbidden-origin");
        (await GetAsync($"/requests/{id}")).Json.TryGetProperty("cancelRequestedAt", out _).ShouldBeFalse();
        await Me.CancelAsync(id, Cancellation);
    }

    [Theory]
    [MemberData(nameof(OfOthers))]
    public async Task Are_refused_what_stays_open(string header, string value)
    {
        var id = await AcceptedAsync();
        foreach (var path in new[] { "/me/events", $"/requests/{id}/events" })
            ShouldBeProblem(await GetAsync(path, (header, value), ("Accept", "text/event-stream")), HttpStatusCode.Forbidden, "forbidden-origin");
        var refused = await Should.ThrowAsync<WebSocketException>(HubClient.ConnectAsync(Hub, options =>
        {
            options.SetRequestHeader("Cookie", Me.CookieHeader);
            options.SetRequestHeader(header, value);
        }, Cancellation));
        refused.Message.ShouldContain("403");
    }

    [Theory]
    [InlineData("same-origin")]
    [InlineData("none")]
    public async Task Are_not_the_own_page(string site)
    {
        (await SubmitFromAsync(("Sec-Fetch-Site", site))).Status.ShouldBe(HttpStatusCode.Accepted);
        (await SubmitFromAsync(("Origin", Me.Web.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"))).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    private Task<Answer> SubmitFromAsync(params (string, string)[] headers) =>
        SendAsync(HttpMethod.Put, $"/requests/{Guid.CreateVersion7()}", JsonOf("""{"kind":"echo","payload":{"text":"a"}}"""), headers);
}
