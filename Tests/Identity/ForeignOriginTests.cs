using System.Net;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

public sealed class ForeignOriginTests(TwoReplicas web) : IClassFixture<TwoReplicas>, IAsyncLifetime
{
    private readonly HttpClient _browser = web.A.Browser();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _browser.GetAsync("/me", Cancellation);

    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "http://127.0.0.1")]
    [InlineData("Origin", "")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_of_another_site_may_not_change_anything(string header, string value)
    {
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
        {
            using var response = await SendAsync(method, "/owned", (header, value));
            await response.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden-origin");
        }
    }

    [Fact]
    public async Task Another_scheme_on_the_same_host_and_port_is_foreign()
    {
        using var response = await SendAsync(HttpMethod.Post, "/owned", ("Origin", $"https://{web.A.Url.Authority}"));
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("/feedback", "Sec-Fetch-Mode", "cors")]
    [InlineData("/owned", "Accept", "text/event-stream")]
    public async Task A_page_of_another_site_may_not_listen(string path, string header, string value)
    {
        using var foreign = await SendAsync(HttpMethod.Get, path, ("Origin", "https://evil.example"), (header, value));
        await foreign.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden-origin");

        using var own = await SendAsync(HttpMethod.Get, path, ("Origin", Own), (header, value));
        own.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_websocket_from_another_site_is_refused_at_any_path()
    {
        using var response = await SendAsync(HttpMethod.Get, "/owned", ("Origin", "https://evil.example"), ("Connection", "Upgrade"), ("Upgrade", "websocket"));
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Own_pages_scripts_and_links_from_elsewhere_work()
    {
        (string, string)[][] passing = [[("Origin", Own)], [("Origin", Own.ToUpperInvariant())], [("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")], []];
        foreach (var headers in passing)
        {
            using var post = await SendAsync(HttpMethod.Post, "/owned", headers);
            post.StatusCode.ShouldBe(HttpStatusCode.OK, string.Join(", ", headers));
        }

        // Reading is safe: another site cannot see the answer.
        using var get = await SendAsync(HttpMethod.Get, "/owned", ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"));
        get.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private string Own => web.A.Url.GetLeftPart(UriPartial.Authority);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _browser.SendAsync(request, Cancellation);
    }
}
