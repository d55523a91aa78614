using System.Net;
using AspireFeedback.LocalAspire.Dashboard.Access;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

[Collection(SampleDashboardTests.Name)]
public sealed class AccessTests(SampleDashboard dashboard)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_link_of_the_terminal_opens_it_and_a_cookie_keeps_it_open()
    {
        dashboard.Host.LoginLine.ShouldStartWith($"Login to the dashboard at http://localhost:{dashboard.Address.Port}/login?t=");
        using var client = Client();

        using var login = await client.GetAsync(Path(new Uri(dashboard.Host.LoginLine.Split(' ')[^1]).PathAndQuery), Cancellation);

        login.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        login.Headers.Location!.ToString().ShouldBe("/");
        var cookie = login.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain($"-{dashboard.Address.Port}=");
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldNotContain(dashboard.Host.Token);
    }

    [Fact]
    public async Task Without_it_the_API_says_401_and_a_page_leads_to_the_login_and_back()
    {
        using var client = Client();
        using var api = await client.GetAsync(Path("/api/resources"), Cancellation);
        using var page = await client.GetAsync(Path("/traces/abc?span=1"), Cancellation);

        api.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        page.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        page.Headers.Location!.ToString().ShouldBe("/login?returnUrl=%2Ftraces%2Fabc%3Fspan%3D1");

        using var form = new FormUrlEncodedContent([new("t", dashboard.Host.Token)]);
        using var login = await client.PostAsync(page.Headers.Location, form, Cancellation);
        login.Headers.Location!.ToString().ShouldBe("/traces/abc?span=1");
    }

    [Theory]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    [InlineData("", HttpStatusCode.OK)]
    public async Task Any_other_token_gets_the_field_for_it_and_no_cookie(string token, HttpStatusCode status)
    {
        using var client = Client();
        using var answer = await client.GetAsync(Path($"/login?t={token}"), Cancellation);
        answer.StatusCode.ShouldBe(status);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("name=\"t\"");
    }

    [Theory]
    [InlineData("Host", "evil.example:80", HttpStatusCode.MisdirectedRequest)]
    [InlineData("Host", "localhost.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:1", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    public async Task Another_name_or_another_page_is_refused_even_with_the_cookie(string header, string value, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path("/api/resources"));
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await dashboard.Browser.SendAsync(request, Cancellation);
        answer.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task Its_own_origin_is_welcome()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path("/api/resources"));
        request.Headers.Add("Origin", dashboard.Address.Url);
        using var answer = await dashboard.Browser.SendAsync(request, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Each_port_serves_only_what_it_is_for()
    {
        using var page = await dashboard.Sender.GetAsync(Path("/api/resources"), Cancellation);
        page.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await dashboard.StatusAsync(HttpMethod.Post, "/v1/traces")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/traces?a=b", "/traces?a=b")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/a\r\nSet-Cookie: x", "/")]
    [InlineData(null, "/")]
    public void A_login_leads_to_no_other_server(string? returnUrl, string expected) => LoginPage.Local(returnUrl).ShouldBe(expected);

    private static Uri Path(string path) => new(path, UriKind.Relative);

    private HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(dashboard.Address.Url) };
}
