using System.Net;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

public sealed class SignUpTests(LiveReplicas web) : IClassFixture<LiveReplicas>, IAsyncLifetime
{
    private readonly string _name = $"Ada.{Guid.NewGuid():N}";
    private readonly HttpClient _browser = web.A.Browser();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await web.ForgetAttemptsAsync();

    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_guest_that_signs_up_takes_requests_and_files_along_under_a_new_id()
    {
        var guest = await _browser.MeAsync();
        var request = await web.SubmitAsync(guest.Id);
        var file = Guid.NewGuid();
        (await _browser.PutAsync($"/files/{file}", new StringContent("a"), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Created);

        var user = await _browser.SignUpAsync(_name).ReadAsync<Who>();

        user.ShouldBe(new(user.Id, "user", _name));
        user.Id.ShouldNotBe(guest.Id);
        (await _browser.MeAsync()).ShouldBe(user);
        (await _browser.RequestsAsync()).ShouldBe([request]);
        (await _browser.GetStringAsync($"/files/{file}", Cancellation)).ShouldBe("a");
    }

    [Fact]
    public async Task Nobody_who_was_the_same_guest_is_in_the_account()
    {
        var guest = await _browser.MeAsync();
        var token = (await _browser.TokensAsync()).AccessToken;
        using var paired = web.B.Browser();
        await paired.PairAsync((await _browser.PairingAsync()).Code).ReadAsync<Who>();
        var code = (await _browser.PairingAsync()).Code;
        await using var hub = await web.A.HubAsync("Authorization", $"Bearer {token}");

        var user = await _browser.SignUpAsync(_name).ReadAsync<Who>();

        await hub.EndedAsync();
        using var script = web.A.Script(token);
        (await script.KnockAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        await Eventually.HoldsAsync(async () => await paired.KnockAsync() == HttpStatusCode.Unauthorized);
        (await web.ScalarAsync<long>("select count(*) from pairing_codes where owner = $1", guest.Id)).ShouldBe(0);
        using var late = web.B.Browser();
        await (await late.PairAsync(code)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "unknown-code");

        // The other device is told to wait while its cookie may just be changing, and becomes a new guest then.
        await (await paired.GetAsync("/me", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "identity-changed");
        await web.ScalarAsync<Guid>("update owners set changed_at = changed_at - interval '31 seconds' where id = $1 returning id", guest.Id);
        (await paired.MeAsync()).Id.ShouldNotBeOneOf(guest.Id, user.Id);
    }

    [Fact]
    public async Task A_sign_up_that_is_refused_changes_nothing()
    {
        using var other = web.B.Browser();
        await other.SignUpAsync(_name).ReadAsync<Who>();
        var guest = await _browser.MeAsync();
        var request = await web.SubmitAsync(guest.Id);

        await (await _browser.SignUpAsync(_name)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "name-taken");

        (await _browser.MeAsync()).ShouldBe(guest);
        (await _browser.RequestsAsync()).ShouldBe([request]);
    }

    [Fact]
    public async Task Somebody_without_a_cookie_can_sign_up()
    {
        var user = await _browser.SignUpAsync(_name).ReadAsync<Who>();
        (await _browser.MeAsync()).ShouldBe(user);
    }

    [Fact]
    public async Task A_name_is_taken_in_any_case_of_its_letters_and_the_guest_stays_a_guest()
    {
        await _browser.SignUpAsync(_name).ReadAsync<Who>();
        using var other = web.B.Browser();
        var guest = await other.MeAsync();

        using var refused = await other.SignUpAsync(_name.ToUpperInvariant());

        await refused.ShouldBeProblemAsync(HttpStatusCode.Conflict, "name-taken");
        (await other.MeAsync()).ShouldBe(guest);
    }

    [Fact]
    public async Task Of_two_who_want_one_name_at_once_one_gets_it()
    {
        using var other = web.B.Browser();
        var answers = await Task.WhenAll(_browser.SignUpAsync(_name), other.SignUpAsync(_name));
        answers.Select(answer => answer.StatusCode).Order().ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict]);
    }

    [Fact]
    public async Task A_user_does_not_sign_up_again()
    {
        await _browser.SignUpAsync(_name).ReadAsync<Who>();
        using var refused = await _browser.SignUpAsync(_name + "2");
        await refused.ShouldBeProblemAsync(HttpStatusCode.Conflict, "already-signed-in");
    }

    [Theory]
    [InlineData("ab", Person.Password, "userName")]
    [InlineData("-ada", Person.Password, "userName")]
    [InlineData("аda", Person.Password, "userName")] // the first letter is Cyrillic
    [InlineData("ada\n", Person.Password, "userName")]
    [InlineData(null, Person.Password, "userName")]
    [InlineData("ada", null, "password")]
    [InlineData("ada", "short", "password")]
    [InlineData("ada-lovelace", "ada-lovelace-1815", "password")]
    [InlineData("ada", "aaaaaaaaaaaaaaaa", "password")]
    public async Task Unfit_names_and_passwords_are_refused_field_by_field(string? name, string? password, string field)
    {
        using var refused = await _browser.SignUpAsync(name!, password!);
        var problem = await refused.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        problem.GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe(field);
    }

    [Fact]
    public async Task The_password_is_not_stored()
    {
        var user = await _browser.SignUpAsync(_name).ReadAsync<Who>();
        var hash = await web.ScalarAsync<string>("select password_hash from users where id = $1", user.Id);
        hash.ShouldNotContain(Person.Password);
        Convert.FromBase64String(hash)[0].ShouldBe((byte)1); // the format of PasswordHasher with PBKDF2, SHA-512 and 100,000 rounds
    }

    [Fact]
    public async Task Too_many_sign_ups_from_an_address_are_refused_on_all_replicas_together()
    {
        using var other = web.B.Browser();
        await _browser.SignUpAsync(_name).ReadAsync<Who>();
        await web.ScalarAsync<long>("with used as (update attempts set hits = 20 where bucket = $1) select 0::bigint",
            new Web.Identity.Limit("sign-ups from an address", "127.0.0.1", 0, default).Bucket);

        using var refused = await other.SignUpAsync(_name + "2");

        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too-fast");
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 300);
    }
}
