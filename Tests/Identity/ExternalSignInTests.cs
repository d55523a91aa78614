using System.Net;
using System.Text.Encodings.Web;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

/// <summary>A provider plugged in as <c>docs/sign-in.md</c> says, with a callback like those of ASP.NET Core's remote handlers.</summary>
public sealed class ExternalSignInTests(PostgresServer postgres) : IAsyncLifetime
{
    private WebReplica _web = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _web = await WebReplica.StartAsync(await postgres.CreateDatabaseAsync(Cancellation), AddProvider, live: true);

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Fact]
    public async Task The_same_person_of_a_provider_is_the_same_user_on_every_device()
    {
        using var one = _web.Browser();
        using var other = _web.Browser();
        await CallBackAsync(one, "sub=42&name=Ada");
        await CallBackAsync(other, "sub=42&name=Ada");

        var me = await one.MeAsync();

        me.ShouldBe(new(new ExternalUser(Provider.Issuer, "42", null, false).Owner, "user", "Ada"));
        me.Id.Version.ShouldBe(8);
        (await other.MeAsync()).ShouldBe(me);
        await CallBackAsync(other, "sub=43&name=Eve");
        (await other.MeAsync()).Id.ShouldNotBe(me.Id);
        new ExternalUser("https://other.example", "42", null, false).Owner.ShouldNotBe(me.Id);
    }

    [Fact]
    public async Task What_the_browser_has_as_a_guest_goes_to_the_user()
    {
        using var browser = _web.Browser();
        var guest = await browser.MeAsync();
        await using var database = _web.Services.GetRequiredService<LogDatabase>().CreateCommand(
            "insert into requests values (gen_random_uuid(), $1, 'echo', 'Pending', 1, now(), now(), now() + interval '1 day', 'f', '{}')");
        database.Parameters.Add(new() { Value = guest.Id });
        await database.ExecuteNonQueryAsync(Cancellation);

        await CallBackAsync(browser, "sub=44");

        (await browser.RequestsAsync()).Count.ShouldBe(1);
        (await browser.MeAsync()).Kind.ShouldBe("user");
    }

    [Fact]
    public async Task A_role_of_the_provider_opens_admin_pages_in_that_browser_only()
    {
        using var browser = _web.Browser();
        await CallBackAsync(browser, "sub=45&admin=1");
        (await browser.GetAsync("/admin/secrets", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var script = _web.Script((await browser.TokensAsync()).AccessToken);
        using var paired = _web.Browser();
        await paired.PairAsync((await browser.PairingAsync()).Code).ReadAsync<Who>();
        (await script.GetAsync("/admin/secrets", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await paired.GetAsync("/admin/secrets", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_paired_device_is_the_user_and_stays_that_when_somebody_else_signs_in_there()
    {
        using var browser = _web.Browser();
        await CallBackAsync(browser, "sub=46&name=Ada");
        var ada = await browser.MeAsync();
        using var paired = _web.Browser();
        (await paired.PairAsync((await browser.PairingAsync()).Code).ReadAsync<Who>()).ShouldBe(ada);
        using var signedUp = await paired.SignUpAsync("ada.lovelace");
        await signedUp.ShouldBeProblemAsync(HttpStatusCode.Conflict, "already-signed-in");

        await CallBackAsync(paired, "sub=47&name=Eve");

        (await browser.MeAsync()).ShouldBe(ada); // not carried over: she is no guest
    }

    private static async Task CallBackAsync(HttpClient browser, string query)
    {
        using var answer = await browser.GetAsync($"/signin-test?{query}", Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    private static void AddProvider(WebApplicationBuilder builder) =>
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, Provider>("test", null);

    private sealed class Provider(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder), IAuthenticationRequestHandler
    {
        public const string Issuer = "https://provider.example";

        public async Task<bool> HandleRequestAsync()
        {
            if (Request.Path != "/signin-test")
                return false;
            var user = new ExternalUser(Issuer, Request.Query["sub"]!, Request.Query["name"], Request.Query["admin"] == "1");
            await Context.SignInAsync(Schemes.Cookie, await ExternalSignIn.AcceptAsync(Context, user));
            Response.Redirect("/");
            return true;
        }

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }
}
