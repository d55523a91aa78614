using System.Net;
using System.Net.Http.Json;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

public sealed class GuestTests(TwoReplicas web) : IClassFixture<TwoReplicas>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_of_one_replica_is_the_same_guest_at_the_other_at_once()
    {
        var cookies = new CookieContainer();
        using var atA = web.A.Browser(cookies);
        using var atB = web.B.Browser(cookies);

        var first = await MeAsync(atA);
        var second = await MeAsync(atB);

        first.Kind.ShouldBe("guest");
        second.ShouldBe(first);
        (await atB.GetAsync("/owned", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_browser_is_another_guest()
    {
        using var one = web.A.Browser();
        using var other = web.A.Browser();

        (await MeAsync(one)).Id.ShouldNotBe((await MeAsync(other)).Id);
    }

    [Fact]
    public async Task The_cookie_is_kept_long_and_out_of_the_reach_of_scripts_and_other_sites()
    {
        using var script = web.A.Script();

        var response = await script.GetAsync("/me", Cancellation);

        var cookie = response.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().ToLowerInvariant();
        cookie.ShouldMatch("^feedback-[0-9a-f]{12}=");
        cookie.ShouldContain("; httponly");
        cookie.ShouldContain("; samesite=lax");
        cookie.ShouldContain("; path=/");
        cookie.ShouldNotContain("; secure");
        var expires = DateTimeOffset.Parse(cookie.Split("expires=")[1].Split(';')[0], System.Globalization.CultureInfo.InvariantCulture);
        (expires - DateTimeOffset.UtcNow).TotalDays.ShouldBeInRange(399, 400.1);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(-3)]
    public async Task A_tampered_cookie_is_nobody_and_is_replaced_by_a_new_guest(int position)
    {
        var (name, value) = await CookieAsync();
        var at = position < 0 ? value.Length + position : position;
        var tampered = value[..at] + (value[at] == 'A' ? 'B' : 'A') + value[(at + 1)..];
        var original = await MeWithAsync($"{name}={value}");

        using var refused = await SendAsync(HttpMethod.Get, "/owned", $"{name}={tampered}");
        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        refused.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");

        (await MeWithAsync($"{name}={tampered}")).Id.ShouldNotBe(original.Id);
    }

    [Fact]
    public async Task Nobody_gets_a_401_and_no_redirect()
    {
        using var script = web.A.Script();

        var refused = await script.GetAsync("/owned", Cancellation);

        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        refused.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        refused.Headers.Location.ShouldBeNull();
    }

    [Theory]
    [InlineData("/owned")]
    [InlineData("/me")]
    public async Task A_bad_token_is_refused_even_beside_a_good_cookie(string path)
    {
        using var browser = web.A.Browser();
        await MeAsync(browser);
        browser.DefaultRequestHeaders.Authorization = new("Bearer", "CfDJ8nonsense");

        var refused = await browser.GetAsync(path, Cancellation);

        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        refused.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer");
    }

    private sealed record Answer(Guid Id, string Kind);

    private static async Task<Answer> MeAsync(HttpClient client) => (await client.GetFromJsonAsync<Answer>("/me", Cancellation))!;

    private async Task<Answer> MeWithAsync(string cookie)
    {
        using var response = await SendAsync(HttpMethod.Get, "/me", cookie);
        return (await response.Content.ReadFromJsonAsync<Answer>(Cancellation))!;
    }

    private async Task<(string Name, string Value)> CookieAsync()
    {
        using var script = web.A.Script();
        using var response = await script.GetAsync("/me", Cancellation);
        var parts = response.Headers.GetValues("Set-Cookie").Single().Split(';')[0].Split('=', 2);
        return (parts[0], parts[1]);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string cookie)
    {
        using var script = web.B.Script();
        using var request = new HttpRequestMessage(method, path) { Headers = { { "Cookie", cookie } } };
        return await script.SendAsync(request, Cancellation);
    }
}
