using System.Net;
using AspireFeedback.Tests.Feedback;
using AspireFeedback.Tests.Files;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Files;
using AspireFeedback.Web.Identity;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

/// <summary>A guest with requests signs in as a user who exists.</summary>
public class CarryOverTests(LiveReplicas web) : IClassFixture<LiveReplicas>, IAsyncLifetime
{
    private readonly string _name = $"ada.{Guid.NewGuid():N}";
    private readonly CookieContainer _cookies = new();
    private HttpClient _browser = null!;
    private HttpClient _home = null!;
    private Who _guest = null!;
    private Who _user = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await web.ForgetAttemptsAsync();
        (_browser, _home) = (web.A.Browser(_cookies), web.B.Browser());
        _user = await _home.SignUpAsync(_name).ReadAsync<Who>();
        _guest = await _browser.MeAsync();
    }

    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        _home.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Requests_files_and_tombstones_of_the_guest_are_the_users_and_the_log_stays_as_it_was_written()
    {
        var file = Guid.NewGuid();
        (await _browser.PutAsync($"/files/{file}", new StringContent("a,b\n1,2"), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Created);
        var request = await web.SubmitAsync(_guest.Id, files: [file]);
        var others = await web.SubmitAsync(Guid.NewGuid());
        var gone = Guid.NewGuid();
        await web.ScalarAsync<Guid>("insert into tombstones values ($1, $2, 'f', now()) returning id", gone, _guest.Id);
        const string events = "select string_agg(version || type || data, '|' order by version) from request_events where request_id = $1";
        var before = await web.ScalarAsync<string>(events, request);

        (await _browser.SignInAsync(_name).ReadAsync<Who>()).ShouldBe(_user);

        foreach (var device in new[] { _browser, _home })
        {
            (await device.RequestsAsync()).ShouldBe([request]);
            (await device.GetAsync($"/requests/{request}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await device.GetStringAsync($"/files/{file}", Cancellation)).ShouldBe("a,b\n1,2");
        }

        (await web.ScalarAsync<string>(events, request)).ShouldBe(before);
        (await web.ScalarAsync<Guid>("select owner from tombstones where id = $1", gone)).ShouldBe(_user.Id);
        (await web.ScalarAsync<Guid>("select owner from requests where id = $1", others)).ShouldNotBe(_user.Id);
        // The same submit again, as the user, is a replay.
        (await web.SubmitAsync(_user.Id, request)).ShouldBe(request);
    }

    [Fact]
    public async Task The_guest_is_nobody_afterwards_on_any_replica()
    {
        var (cookie, token) = (_cookies.GetCookieHeader(web.A.Url), (await _browser.TokensAsync()).AccessToken);
        using var stale = web.B.Script();
        stale.DefaultRequestHeaders.Add("Cookie", cookie);
        using var script = web.B.Script(token);
        (await stale.KnockAsync()).ShouldBe(HttpStatusCode.OK);

        await _browser.SignInAsync(_name).ReadAsync<Who>();

        await Task.Delay(OwnerStandings.Kept, Cancellation);
        (await stale.KnockAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        (await script.KnockAsync()).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_call_beside_the_sign_in_does_not_take_the_place_of_the_user_with_a_new_guest()
    {
        using var beside = web.B.Script();
        beside.DefaultRequestHeaders.Add("Cookie", _cookies.GetCookieHeader(web.A.Url));

        await _browser.SignInAsync(_name).ReadAsync<Who>();

        await Eventually.HoldsAsync(async () => await beside.KnockAsync() == HttpStatusCode.Unauthorized);
        using var refused = await beside.GetAsync("/me", Cancellation);
        await refused.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "identity-changed");
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 5);
        refused.Headers.Contains("Set-Cookie").ShouldBeFalse();

        await web.ScalarAsync<Guid>("update owners set changed_at = changed_at - interval '31 seconds' where id = $1 returning id", _guest.Id);
        (await beside.MeAsync()).Id.ShouldNotBeOneOf(_guest.Id, _user.Id);
    }

    [Fact]
    public async Task Live_connections_of_the_guest_end_everywhere_and_those_of_the_user_stay()
    {
        var cookie = _cookies.GetCookieHeader(web.A.Url);
        await using var guestAtA = await web.A.HubAsync("Cookie", cookie);
        await using var guestAtB = await web.B.HubAsync("Cookie", cookie);
        using var stale = web.B.Script();
        stale.DefaultRequestHeaders.Add("Cookie", cookie);
        using var stream = await SseClient.OpenAsync(stale, "/me/events");
        await using var user = await web.B.HubAsync("Authorization", $"Bearer {(await _home.TokensAsync()).AccessToken}");

        await _browser.SignInAsync(_name).ReadAsync<Who>();

        await guestAtA.EndedAsync();
        await guestAtB.EndedAsync();
        await Should.ThrowAsync<IOException>(stream.NextAsync());
        user.Calls.Completion.IsCompleted.ShouldBeFalse();
        var request = await web.SubmitAsync(_user.Id);
        var sync = await user.InvokeAsync("Sync", new { known = new Dictionary<Guid, int>() }, Cancellation);
        sync.GetProperty("requests")[0].GetProperty("id").GetGuid().ShouldBe(request);
    }

    [Fact]
    public async Task What_the_guest_submits_in_the_moment_of_signing_in_follows_it()
    {
        await _browser.SignInAsync(_name).ReadAsync<Who>();
        var late = await web.SubmitAsync(_guest.Id); // let in before, committed after
        await Eventually.HoldsAsync(async () => (await _home.RequestsAsync()).Contains(late));
    }

    [Fact]
    public async Task A_worker_that_holds_a_capability_of_the_guest_goes_on_reading_and_writing()
    {
        var input = Guid.NewGuid();
        (await _browser.PutAsync($"/files/{input}", new StringContent("in"), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Created);
        var request = await web.SubmitAsync(_guest.Id, files: [input]);
        var capability = web.A.Services.GetRequiredService<FileCapabilities>().Issue(_guest.Id, request, [input], DateTimeOffset.UtcNow.AddHours(1));
        using var worker = web.B.Script(capability);

        await _browser.SignInAsync(_name).ReadAsync<Who>();

        (await worker.GetStringAsync($"/files/{input}", Cancellation)).ShouldBe("in");
        var output = Guid.NewGuid();
        (await worker.PutAsync($"/files/{output}", new StringContent("out"), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await _home.GetStringAsync($"/files/{output}", Cancellation)).ShouldBe("out");
    }

    [Fact]
    public async Task A_file_that_arrives_long_after_the_sign_in_is_the_users()
    {
        var (file, body) = (Guid.NewGuid(), new SlowContent("a,b\n"));
        var upload = _browser.PutAsync($"/files/{file}", body, Cancellation);
        await Eventually.HoldsAsync(async () => await web.ScalarAsync<long>("select count(*) from uploads") > 0, "the upload has begun");

        await _browser.SignInAsync(_name).ReadAsync<Who>();
        // As when the upload takes a minute longer: nobody looks for what the guest wrote late any more.
        await web.ScalarAsync<Guid>("update owners set changed_at = changed_at - interval '10 minutes' where id = $1 returning id", _guest.Id);
        body.Finish("1,2");

        (await upload).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await _home.GetStringAsync($"/files/{file}", Cancellation)).ShouldBe("a,b\n1,2");
    }

    [Fact]
    public async Task A_user_who_signs_in_as_another_one_brings_nothing_along()
    {
        var other = await _browser.SignUpAsync($"eve.{Guid.NewGuid():N}").ReadAsync<Who>();
        var request = await web.SubmitAsync(other.Id);

        (await _browser.SignInAsync(_name).ReadAsync<Who>()).ShouldBe(_user);

        (await _browser.RequestsAsync()).ShouldBeEmpty();
        (await web.ScalarAsync<Guid>("select owner from requests where id = $1", request)).ShouldBe(other.Id);
    }
}
