using System.Net;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Identity;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

public sealed class TokenTests(TwoReplicas web, PostgresServer postgres) : IClassFixture<TwoReplicas>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_of_one_replica_is_the_same_owner_at_the_other()
    {
        using var browser = web.A.Browser();
        var me = await browser.MeAsync();

        var tokens = await browser.TokensAsync();

        tokens.ExpiresIn.ShouldBe(3600);
        using var script = web.B.Script(tokens.AccessToken);
        (await script.MeAsync()).ShouldBe(me);
        (await script.KnockAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_gets_no_token()
    {
        using var script = web.A.Script();
        using var refused = await script.PostAsync("/me/tokens");
        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task A_token_is_not_to_be_stored_by_anything_on_its_way()
    {
        using var browser = web.A.Browser();
        await browser.MeAsync();
        using var answer = await browser.PostAsync("/me/tokens");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Theory]
    [InlineData("access_token")]
    [InlineData("token")]
    [InlineData("bearer")]
    public async Task A_token_in_the_address_is_no_token(string parameter)
    {
        var token = await TokenAsync();
        using var script = web.A.Script();
        foreach (var path in new[] { "/owned", "/feedback" })
        {
            using var refused = await script.GetAsync($"{path}?{parameter}={token.AccessToken}", Cancellation);
            await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    [Fact]
    public async Task Tampered_and_misused_tokens_are_refused()
    {
        var token = await TokenAsync();
        foreach (var bad in new[] { token.AccessToken[..^6] + "AAAAAA", token.RefreshToken, "" })
        {
            using var script = web.A.Script();
            script.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {bad}");
            using var refused = await script.GetAsync("/owned", Cancellation);
            await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
            refused.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer");
        }
    }

    [Fact]
    public async Task An_expired_token_is_refused_and_can_be_refreshed_at_any_replica()
    {
        var database = web.Database;
        await using var brief = await WebReplica.StartAsync(database, builder => builder.Services
            .Configure<BearerTokenOptions>(Schemes.Bearer, options => options.BearerTokenExpiration = TimeSpan.FromSeconds(-1)));
        using var browser = brief.Browser();
        var me = await browser.MeAsync();
        var tokens = await browser.TokensAsync();
        using var expired = web.A.Script(tokens.AccessToken);
        using var refused = await expired.GetAsync("/owned", Cancellation);
        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        refused.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"invalid_token\"");

        // With the expired token still in the header, as clients send it.
        var fresh = await expired.PostAsync("/me/tokens/refresh", new { tokens.RefreshToken }).ReadAsync<Tokens>();

        using var script = web.B.Script(fresh.AccessToken);
        (await script.MeAsync()).ShouldBe(me);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_bad_refresh_token_is_refused(string? sent)
    {
        using var script = web.A.Script();
        using var refused = await script.PostAsync("/me/tokens/refresh", new { refreshToken = sent });
        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        refused.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"invalid_token\"");
    }

    [Fact]
    public async Task An_access_token_does_not_refresh()
    {
        var token = await TokenAsync();
        using var script = web.A.Script();
        using var refused = await script.PostAsync("/me/tokens/refresh", new { refreshToken = token.AccessToken });
        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task A_call_with_a_token_needs_no_origin_and_a_cookie_beside_it_changes_nothing()
    {
        using var browser = web.A.Browser();
        var owner = await browser.MeAsync();
        var token = await TokenAsync();
        using var post = new HttpRequestMessage(HttpMethod.Post, "/me/tokens") { Headers = { { "Origin", "https://elsewhere.example" } } };
        using var forged = await browser.SendAsync(post, Cancellation);
        await forged.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden-origin");

        browser.DefaultRequestHeaders.Authorization = new("Bearer", token.AccessToken);
        browser.DefaultRequestHeaders.Add("Origin", "https://elsewhere.example");
        (await browser.PostAsync("/owned")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.MeAsync()).Id.ShouldNotBe(owner.Id);
    }

    [Fact]
    public async Task A_token_does_not_make_tokens()
    {
        var token = await TokenAsync();
        using var script = web.B.Script(token.AccessToken);
        using var refused = await script.PostAsync("/me/tokens");
        await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "session-required");
    }

    [Fact]
    public async Task Too_many_revocations_from_an_address_are_refused_whoever_asks()
    {
        await using var strict = await WebReplica.StartAsync(
            await postgres.CreateDatabaseAsync(Cancellation), builder => builder.Configuration["Identity:RevocationsPerAddress"] = "2");
        HttpResponseMessage? last = null;
        for (var i = 0; i < 3; i++)
        {
            using var browser = strict.Browser();
            await browser.MeAsync();
            last?.StatusCode.ShouldBe(HttpStatusCode.NoContent);
            last = await browser.DeleteAsync("/me/tokens", Cancellation);
        }

        await last!.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too-fast");
    }

    [Fact]
    public async Task Too_many_tokens_are_refused_with_the_time_to_wait()
    {
        await using var strict = await WebReplica.StartAsync(
            await postgres.CreateDatabaseAsync(Cancellation), builder => builder.Configuration["Identity:TokensPerOwner"] = "2");
        using var browser = strict.Browser();
        await browser.MeAsync();
        await browser.TokensAsync();
        await browser.TokensAsync();

        using var refused = await browser.PostAsync("/me/tokens");

        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too-fast");
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 300);
        using var other = strict.Browser();
        await other.MeAsync();
        await other.TokensAsync();
    }

    private async Task<Tokens> TokenAsync()
    {
        using var browser = web.A.Browser();
        await browser.MeAsync();
        return await browser.TokensAsync();
    }
}
