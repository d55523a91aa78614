using System.Net;
using AspireFeedback.Tests.Feedback;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Identity;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

public sealed class RevocationTests(LiveReplicas web) : IClassFixture<LiveReplicas>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_revocation_holds_here_at_once_and_at_the_other_replica_within_seconds()
    {
        var cookies = new CookieContainer();
        using var browser = web.A.Browser(cookies);
        await browser.MeAsync();
        var tokens = await browser.TokensAsync();
        using var atA = web.A.Script(tokens.AccessToken);
        using var atB = web.B.Script(tokens.AccessToken);
        (await atA.KnockAsync()).ShouldBe(HttpStatusCode.OK);
        (await atB.KnockAsync()).ShouldBe(HttpStatusCode.OK);

        (await browser.DeleteAsync("/me/tokens", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await atA.KnockAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        await Task.Delay(OwnerStandings.Kept, Cancellation);
        using var refused = await atB.GetAsync("/owned", Cancellation);
        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        refused.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"invalid_token\"");
        using var refresh = await atB.PostAsync("/me/tokens/refresh", new { tokens.RefreshToken });
        await refresh.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");

        // The browser is still who it was.
        (await browser.KnockAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_issued_after_a_revocation_works_at_once_where_the_revocation_is_not_known_yet()
    {
        var cookies = new CookieContainer();
        using var browserA = web.A.Browser(cookies);
        using var browserB = web.B.Browser(cookies);
        await browserA.MeAsync();
        (await browserB.KnockAsync()).ShouldBe(HttpStatusCode.OK); // B has a standing in its cache now

        await browserA.DeleteAsync("/me/tokens", Cancellation);
        var tokens = await browserA.TokensAsync();

        using var atB = web.B.Script(tokens.AccessToken);
        (await atB.KnockAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Others_keep_their_tokens()
    {
        using var one = web.A.Browser();
        using var other = web.A.Browser();
        await one.MeAsync();
        await other.MeAsync();
        using var script = web.A.Script((await other.TokensAsync()).AccessToken);

        await one.DeleteAsync("/me/tokens", Cancellation);

        (await script.KnockAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_in_the_header_opens_the_hub_and_the_event_stream_and_its_revocation_ends_them_on_every_replica()
    {
        using var browser = web.A.Browser();
        var me = await browser.MeAsync();
        var request = await web.SubmitAsync(me.Id);
        var token = (await browser.TokensAsync()).AccessToken;
        await using var atA = await web.A.HubAsync("Authorization", $"Bearer {token}");
        await using var atB = await web.B.HubAsync("Authorization", $"Bearer {token}");
        using var script = web.B.Script(token);
        using var events = await SseClient.OpenAsync(script, $"/requests/{request}/events");
        var answer = await atB.InvokeAsync("Sync", new { known = new Dictionary<Guid, int>() }, Cancellation);
        answer.GetProperty("requests").EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetGuid().ShouldBe(request);
        (await events.NextAsync())!.Type.ShouldBe("request-accepted");

        await browser.DeleteAsync("/me/tokens", Cancellation);

        await atA.EndedAsync();
        await atB.EndedAsync();
        await Should.ThrowAsync<IOException>(events.NextAsync());
    }
}
