using System.Net;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

/// <summary>Bearer tokens, for scripts and devices.</summary>
public sealed class Tokens(RunningSystem system) : ContractTest(system)
{
    [Fact]
    public async Task Are_the_owner_without_a_cookie()
    {
        var issued = await PostAsync("/me/tokens");
        SkipWhenTooFast(issued);
        issued.Status.ShouldBe(HttpStatusCode.OK, issued.Text);
        issued.Json.GetProperty("expiresIn").GetInt32().ShouldBeGreaterThan(0);
        issued.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var id = await AcceptedAsync();

        var access = issued.Json.GetProperty("accessToken").GetString()!;
        (await AsScriptAsync(access, HttpMethod.Get, $"/requests/{id}")).Status.ShouldBe(HttpStatusCode.OK);
        (await AsScriptAsync(access, HttpMethod.Get, "/me")).Json.GetProperty("id").GetGuid().ShouldBe(await MyIdAsync(Me));
        var mine = Guid.CreateVersion7();
        // A browser never adds a token by itself: from where the call comes says nothing.
        (await AsScriptAsync(access, HttpMethod.Put, $"/requests/{mine}", JsonOf("""{"kind":"echo","payload":{"text":"a"}}"""), ("Origin", "https://elsewhere.example"))).Status.ShouldBe(HttpStatusCode.Accepted);
        (await GetAsync($"/requests/{mine}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Are_renewed_with_the_refresh_token_and_nothing_else()
    {
        var issued = await PostAsync("/me/tokens");
        SkipWhenTooFast(issued);
        var renewed = await RefreshAsync(issued.Json.GetProperty("refreshToken").GetString()!);
        SkipWhenTooFast(renewed);

        renewed.Status.ShouldBe(HttpStatusCode.OK, renewed.Text);
        (await AsScriptAsync(renewed.Json.GetProperty("accessToken").GetString(), HttpMethod.Get, "/requests")).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var wrong in new[] { issued.Json.GetProperty("accessToken").GetString()!, "nonsense" })
        {
            var refused = await RefreshAsync(wrong);
            SkipWhenTooFast(refused);
            ShouldBeProblem(refused, HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    [Fact]
    public async Task Are_all_void_on_every_replica_once_they_are_revoked_and_the_cookie_is_not()
    {
        var issued = await PostAsync("/me/tokens");
        SkipWhenTooFast(issued);
        var (access, refresh) = (issued.Json.GetProperty("accessToken").GetString()!, issued.Json.GetProperty("refreshToken").GetString()!);
        (await AsScriptAsync(access, HttpMethod.Get, "/requests")).Status.ShouldBe(HttpStatusCode.OK);

        (await Me.SendAsync(HttpMethod.Delete, "/me/tokens", null, Cancellation)).Status.ShouldBe(HttpStatusCode.NoContent);

        // Each call is a new connection: ten refusals in a row are all replicas.
        var inARow = 0;
        await Support.Eventually.HoldsAsync(async () =>
        {
            var answer = await AsScriptAsync(access, HttpMethod.Get, "/requests");
            inARow = answer.Status is HttpStatusCode.Unauthorized ? inARow + 1 : 0;
            return inARow == 10;
        });
        ShouldBeProblem(await RefreshAsync(refresh), HttpStatusCode.Unauthorized, "unauthorized");
        (await GetAsync("/requests")).Status.ShouldBe(HttpStatusCode.OK);
        (await AsScriptAsync((await PostAsync("/me/tokens")).Json.GetProperty("accessToken").GetString(), HttpMethod.Get, "/requests")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task That_are_none_are_401_and_say_so(string token)
    {
        var answer = await AsScriptAsync(token, HttpMethod.Get, "/requests");
        ShouldBeProblem(answer, HttpStatusCode.Unauthorized, "unauthorized");
        answer.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"invalid_token\"");
        (await AsScriptAsync(token, HttpMethod.Get, "/me")).Status.ShouldBe(HttpStatusCode.Unauthorized, "who sends a token means somebody, and is not made a guest");
    }

    [Fact]
    public async Task Are_not_read_from_the_address()
    {
        var issued = await PostAsync("/me/tokens");
        SkipWhenTooFast(issued);
        var access = Uri.EscapeDataString(issued.Json.GetProperty("accessToken").GetString()!);
        (await AsScriptAsync(null, HttpMethod.Get, $"/requests?access_token={access}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Too_many_in_a_short_time_are_429_with_a_time_to_come_back()
    {
        for (var n = 0; n < 100; n++)
        {
            var answer = await PostAsync("/me/tokens");
            if (answer.Status is HttpStatusCode.OK)
                continue;
            ShouldBeProblem(answer, HttpStatusCode.TooManyRequests, "too-fast");
            answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeGreaterThan(0);
            return;
        }

        Assert.Skip("This deployment issues more than a hundred tokens to one owner.");
    }

    private Task<Answer> RefreshAsync(string refreshToken) => AsScriptAsync(null, HttpMethod.Post, "/me/tokens/refresh", JsonOf($$"""{"refreshToken":"{{refreshToken}}"}"""));
}
