using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using AspireFeedback.Tests.Identity;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Admin;

public sealed class AdminSessionTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task For_everybody_but_an_admin_there_is_nothing_whatever_they_try()
    {
        await using var web = await StartAsync();
        var id = await web.AcceptAsync();
        using var nobody = web.Script();
        using var wrong = web.Script(WebReplica.AdminKey + "!");
        using var guest = web.Browser();
        await guest.MeAsync();
        using var user = web.Browser();
        await user.MeAsync();
        await user.SignUpAsync("anna").ReadAsync<Who>();
        using var token = web.Script((await user.TokensAsync()).AccessToken);
        (HttpMethod, string)[] calls =
        [
            (HttpMethod.Get, "/admin"), (HttpMethod.Get, "/admin/"), (HttpMethod.Get, "/admin/session"), (HttpMethod.Put, "/admin/session"),
            (HttpMethod.Get, "/admin/requests"), (HttpMethod.Post, "/admin/requests"), (HttpMethod.Get, "/admin/requests?status=nonsense"),
            (HttpMethod.Get, $"/admin/requests/{id}"), (HttpMethod.Get, $"/admin/requests/{id}/events"), (HttpMethod.Get, $"/admin/requests/{id}/state"),
            (HttpMethod.Get, $"/admin/requests/{id}/result"), (HttpMethod.Post, $"/admin/requests/{id}/retry"), (HttpMethod.Delete, $"/admin/requests/{id}"),
            (HttpMethod.Get, "/admin/requests/nonsense"), (HttpMethod.Get, "/admin/no/such/thing"),
        ];
        foreach (var client in new[] { nobody, wrong, guest, user, token })
        {
            foreach (var (method, path) in calls)
            {
                using var request = new HttpRequestMessage(method, path);
                using var refused = await client.SendAsync(request, Cancellation);
                await refused.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
            }
        }

        using var admin = web.Admin();
        (await admin.GetJsonAsync($"/admin/requests/{id}")).GetProperty("version").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task The_key_typed_once_opens_admin_in_this_browser_until_it_signs_out()
    {
        await using var web = await StartAsync();
        using var browser = web.Browser();
        await browser.MeAsync();

        using var signedIn = await browser.PostAsync("/admin/session", new { key = WebReplica.AdminKey });
        signedIn.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var cookie = signedIn.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().ToLowerInvariant();
        foreach (var attribute in new[] { "httponly", "samesite=strict", "path=/admin" })
            cookie.ShouldContain(attribute);
        cookie.ShouldNotContain("expires=");
        cookie.ShouldNotContain(WebReplica.AdminKey);

        (await browser.GetJsonAsync("/admin/requests")).GetProperty("requests").GetArrayLength().ShouldBe(0);
        // An admin who is a guest too stands in the events without the guest.
        (await browser.GetJsonAsync("/admin/session")).GetProperty("by").GetString().ShouldBe("admin");
        (await browser.DeleteAsync("/admin/session", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await browser.GetAsync("/admin/requests", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_wrong_key_opens_nothing_and_after_some_attempts_there_is_a_pause()
    {
        await using var web = await StartAsync(("Identity:AdminKeysPerAddress", "3"));
        using var browser = web.Browser();

        for (var n = 0; n < 3; n++)
            await (await browser.PostAsync("/admin/session", new { key = $"guess {n}" })).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
        using var paused = await browser.PostAsync("/admin/session", new { key = WebReplica.AdminKey });

        await paused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too-fast");
        paused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 300);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task Without_a_key_configured_nothing_opens(string? typed)
    {
        await using var web = await StartAsync(("Admin:Key", ""));
        using var browser = web.Browser();
        await (await browser.PostAsync("/admin/session", new { key = typed })).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
        using var script = web.Script("");
        await (await script.GetAsync("/admin/requests", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_new_key_ends_the_sessions_of_the_old_one()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        var cookies = new CookieContainer();
        await using (var web = await AdminReplica.StartAsync(database))
        {
            using var browser = web.Browser(cookies);
            (await browser.PostAsync("/admin/session", new { key = WebReplica.AdminKey })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }

        await using var same = await AdminReplica.StartAsync(database);
        using var onAnother = same.Browser(cookies);
        (await onAnother.GetAsync("/admin/requests", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var changed = await AdminReplica.StartAsync(database, Setting(("Admin:Key", "another key")));
        using var later = changed.Browser(cookies);
        (await later.GetAsync("/admin/requests", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_page_of_another_site_can_neither_sign_in_nor_cancel_with_the_cookie()
    {
        await using var web = await StartAsync();
        var id = await web.AcceptAsync();
        using var browser = web.Browser();
        await browser.PostAsync("/admin/session", new { key = WebReplica.AdminKey });
        foreach (var request in new[]
        {
            new HttpRequestMessage(HttpMethod.Delete, $"/admin/requests/{id}"),
            new HttpRequestMessage(HttpMethod.Post, "/admin/session") { Content = JsonContent.Create(new { key = WebReplica.AdminKey }) },
        })
        {
            request.Headers.Add("Origin", "https://evil.example");
            await (await browser.SendAsync(request, Cancellation)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden-origin");
        }
    }

    [Fact]
    public async Task Whom_an_identity_provider_calls_admin_stands_in_the_events_by_the_owner_id()
    {
        await using var web = await AdminReplica.StartAsync(await postgres.CreateDatabaseAsync(Cancellation), map: app => app.MapPost("/provider", async (HttpContext context) =>
            await context.SignInAsync(Schemes.Cookie, await ExternalSignIn.AcceptAsync(context, new("https://idp.example", "anna", "Anna", IsAdmin: true)))));
        using var browser = web.Browser();
        await browser.PostAsync("/provider");
        var anna = await browser.MeAsync();
        var id = await web.AcceptAsync();

        (await browser.GetJsonAsync("/admin/session")).GetProperty("by").GetString().ShouldBe($"admin:{anna.Id}");
        (await browser.DeleteAsync($"/admin/requests/{id}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await browser.GetJsonAsync($"/admin/requests/{id}/events?after=1")).GetProperty("events")[0].GetProperty("data").GetProperty("by").GetString().ShouldBe($"admin:{anna.Id}");
    }

    [Fact]
    public void A_role_without_an_owner_has_no_name_even_beside_a_guest()
    {
        var key = new ClaimsIdentity([new(ClaimTypes.Role, AdminKey.Role)], Schemes.AdminKey);
        var guest = Owner.Principal(Guid.NewGuid(), Owner.Guest, Schemes.Cookie).Identities;
        AdminKey.NameOf(new([.. guest, key])).ShouldBe("admin");
    }

    private async Task<WebReplica> StartAsync(params (string Key, string Value)[] settings) => await AdminReplica.StartAsync(await postgres.CreateDatabaseAsync(Cancellation), Setting(settings));

    private static Action<WebApplicationBuilder> Setting(params (string Key, string Value)[] settings) =>
        builder => builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
}
