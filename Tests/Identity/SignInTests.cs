using System.Net;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

public sealed class SignInTests(LiveReplicas web) : IClassFixture<LiveReplicas>, IAsyncLifetime
{
    private readonly string _name = $"ada.{Guid.NewGuid():N}";
    private readonly HttpClient _first = web.A.Browser();
    private readonly HttpClient _second = web.B.Browser();
    private Who _user = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await web.ForgetAttemptsAsync();
        _user = await _first.SignUpAsync(_name).ReadAsync<Who>();
    }

    public ValueTask DisposeAsync()
    {
        _first.Dispose();
        _second.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_user_signs_in_at_another_replica_in_any_case_of_the_name()
    {
        using var answer = await _second.SignInAsync(_name.ToUpperInvariant());

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var cookie = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().ToLowerInvariant();
        cookie.ShouldMatch("^feedback-[0-9a-f]{12}=.*; httponly");
        cookie.ShouldContain("; samesite=lax");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await _second.MeAsync()).ShouldBe(_user);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_get_the_same_answer()
    {
        var guest = await _second.MeAsync();
        var answers = new HashSet<string>();
        foreach (var (name, password) in new[] { (_name, "wrong horse battery"), ($"nobody.{Guid.NewGuid():N}", Person.Password) })
        {
            using var refused = await _second.SignInAsync(name, password);
            var problem = await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "wrong-credentials");
            answers.Add(string.Join(", ", problem.EnumerateObject().Where(member => member.Name != "traceId")));
        }

        answers.Count.ShouldBe(1);
        (await _second.MeAsync()).ShouldBe(guest);
    }

    [Fact]
    public async Task After_too_many_attempts_from_an_address_a_name_waits_there_and_a_success_forgets_them()
    {
        for (var i = 0; i < 9; i++)
            (await (i % 2 == 0 ? _first : _second).SignInAsync(_name, "wrong horse battery")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await _second.SignInAsync(_name).ReadAsync<Who>();
        for (var i = 0; i < 10; i++)
            (await (i % 2 == 0 ? _first : _second).SignInAsync(_name, "wrong horse battery")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var refused = await _second.SignInAsync(_name);

        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too-fast");
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 300);
        // Others are not held up, nor is its user anywhere else: who knows a name must not be able to lock somebody out.
        (await _second.SignInAsync($"nobody.{Guid.NewGuid():N}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var elsewhere = web.A.BrowserFrom(IPAddress.Parse("127.0.0.2"));
        (await elsewhere.SignInAsync(_name).ReadAsync<Who>()).ShouldBe(_user);
    }

    [Fact]
    public async Task Guessing_from_very_many_addresses_is_stopped_too()
    {
        await web.ScalarAsync<long>("with used as (insert into attempts values ($1, 100, now() + interval '5 minutes')) select 0::bigint",
            new Web.Identity.Limit("sign-ins with a name", _name, 0, default).Bucket);

        using var refused = await _second.SignInAsync(_name);

        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too-fast");
    }

    [Fact]
    public async Task A_name_that_nobody_has_waits_as_one_that_somebody_has()
    {
        var nobody = $"nobody.{Guid.NewGuid():N}";
        for (var i = 0; i < 10; i++)
            (await _second.SignInAsync(nobody)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _second.SignInAsync(nobody)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Who_signs_out_is_a_new_guest_and_finds_everything_after_signing_in_again()
    {
        var request = await web.SubmitAsync(_user.Id);

        (await _first.PostAsync("/me/sign-out")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var guest = await _first.MeAsync();
        guest.Kind.ShouldBe("guest");
        guest.Id.ShouldNotBe(_user.Id);
        (await _first.RequestsAsync()).ShouldBeEmpty();
        await _first.SignInAsync(_name).ReadAsync<Who>();
        (await _first.RequestsAsync()).ShouldBe([request]);
    }

    [Theory]
    [InlineData("/me/sign-in")]
    [InlineData("/me/sign-up")]
    [InlineData("/me/sign-out")]
    [InlineData("/me/pair")]
    public async Task Another_site_cannot_change_who_a_visitor_is(string path)
    {
        using var post = new HttpRequestMessage(HttpMethod.Post, path) { Headers = { { "Origin", "https://evil.example" } } };
        using var refused = await _first.SendAsync(post, Cancellation);
        await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden-origin");
    }

    [Fact]
    public async Task A_hash_with_fewer_rounds_is_replaced_when_its_user_signs_in()
    {
        var weak = new Microsoft.AspNetCore.Identity.PasswordHasher<object>(Microsoft.Extensions.Options.Options.Create(
            new Microsoft.AspNetCore.Identity.PasswordHasherOptions { IterationCount = 1000 })).HashPassword(new(), Person.Password);
        await web.ScalarAsync<Guid>("update users set password_hash = $1 where id = $2 returning id", weak, _user.Id);

        await _second.SignInAsync(_name).ReadAsync<Who>();

        (await web.ScalarAsync<string>("select password_hash from users where id = $1", _user.Id)).ShouldNotBe(weak);
        await _second.SignInAsync(_name).ReadAsync<Who>();
    }
}
