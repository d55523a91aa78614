using System.Net;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

/// <summary>A second device, and a guest who becomes a user.</summary>
public sealed class Becoming(RunningSystem system) : ContractTest(system)
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task A_code_makes_another_device_the_same_owner_once()
    {
        var id = await AcceptedAsync();
        var opened = await PostAsync("/me/pairing");
        SkipWhenTooFast(opened);
        var code = opened.Json.GetProperty("code").GetString()!;
        new Uri(opened.Json.GetProperty("url").GetString()!).Fragment.ShouldContain(code);
        opened.Json.GetProperty("expiresIn").GetInt32().ShouldBeInRange(1, 300);
        // Letters and digits of 32 kinds: five bits each.
        code.Count(char.IsLetterOrDigit).ShouldBeGreaterThanOrEqualTo(12);

        var other = await SomebodyAsync();
        var paired = await SendAsync(other, HttpMethod.Post, "/me/pair", new { code });
        SkipWhenTooFast(paired);
        paired.Json.GetProperty("id").GetGuid().ShouldBe(await MyIdAsync(Me));
        (await other.GetAsync($"/requests/{id}", Cancellation)).Status.ShouldBe(HttpStatusCode.OK);
        ShouldBeProblem(await SendAsync(await SomebodyAsync(), HttpMethod.Post, "/me/pair", new { code }), HttpStatusCode.NotFound, "unknown-code");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_other_device_has_comes_along_when_it_is_asked_for(bool carryOver)
    {
        var opened = await PostAsync("/me/pairing");
        SkipWhenTooFast(opened);
        var other = await SomebodyAsync();
        var theirs = Guid.CreateVersion7();
        await other.SubmitAsync(theirs, "echo", new { text = "theirs" }, Cancellation);

        var paired = await SendAsync(other, HttpMethod.Post, "/me/pair", new { code = opened.Json.GetProperty("code").GetString(), carryOver });
        SkipWhenTooFast(paired);

        paired.Status.ShouldBe(HttpStatusCode.OK, paired.Text);
        (await GetAsync($"/requests/{theirs}")).Status.ShouldBe(carryOver ? HttpStatusCode.OK : HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_code_that_is_none_is_404()
    {
        var answer = await PostAsync("/me/pair", new { code = "0000-0000-0000-0000" });
        SkipWhenTooFast(answer);
        ShouldBeProblem(answer, HttpStatusCode.NotFound, "unknown-code");
    }

    [Fact]
    public async Task A_guest_who_signs_up_keeps_what_it_has_under_a_new_id_and_is_known_on_other_devices()
    {
        var (name, mine, before) = (NewName(), await AcceptedAsync(), await MyIdAsync(Me));
        var signedUp = await SignAsync(Me, "up", name);
        signedUp.Json.GetProperty("kind").GetString().ShouldBe("user");
        signedUp.Json.GetProperty("name").GetString().ShouldBe(name);
        var user = await MyIdAsync(Me);
        user.ShouldNotBe(before, "whoever was the same guest must not become the user with it");
        signedUp.Json.GetProperty("id").GetGuid().ShouldBe(user);

        var other = await SomebodyAsync();
        var theirs = Guid.CreateVersion7();
        await other.SubmitAsync(theirs, "echo", new { text = "as a guest" }, Cancellation);
        (await SignAsync(other, "in", name.ToUpperInvariant())).Json.GetProperty("id").GetGuid().ShouldBe(user);

        foreach (var id in new[] { mine, theirs })
        {
            (await GetAsync($"/requests/{id}")).Status.ShouldBe(HttpStatusCode.OK);
            (await other.GetAsync($"/requests/{id}", Cancellation)).Status.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Who_signs_out_is_somebody_new()
    {
        var name = NewName();
        var id = await AcceptedAsync();
        var before = await MyIdAsync(Me);
        await SignAsync(Me, "up", name);

        (await PostAsync("/me/sign-out")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await GetAsync("/requests")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await MyIdAsync(Me)).ShouldNotBe(before);
        (await GetAsync($"/requests/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        await SignAsync(Me, "in", name);
        (await GetAsync($"/requests/{id}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_are_the_same_401_and_a_taken_name_is_409()
    {
        var name = NewName();
        await SignAsync(Me, "up", name);
        var other = await SomebodyAsync();
        foreach (var userName in new[] { name, NewName() })
        {
            var answer = await SendAsync(other, HttpMethod.Post, "/me/sign-in", new { userName, password = "something else" });
            SkipWhenTooFast(answer);
            ShouldBeProblem(answer, HttpStatusCode.Unauthorized, "wrong-credentials");
        }

        var taken = await SendAsync(other, HttpMethod.Post, "/me/sign-up", new { userName = name.ToUpperInvariant(), password = Password });
        SkipWhenTooFast(taken);
        ShouldBeProblem(taken, HttpStatusCode.Conflict, "name-taken");
        ShouldBeProblem(await SendAsync(other, HttpMethod.Post, "/me/sign-up", new { userName = "x", password = "short" }), HttpStatusCode.BadRequest, "invalid-request");
    }

    [Theory]
    [InlineData("pairing")]
    [InlineData("pair")]
    [InlineData("sign-up")]
    [InlineData("sign-in")]
    [InlineData("sign-out")]
    public async Task A_token_makes_no_session(string path)
    {
        var issued = await PostAsync("/me/tokens");
        SkipWhenTooFast(issued);
        var body = path is "pairing" or "sign-out" ? null : JsonOf("{}");
        var answer = await AsScriptAsync(issued.Json.GetProperty("accessToken").GetString(), HttpMethod.Post, $"/me/{path}", body);
        ShouldBeProblem(answer, HttpStatusCode.Forbidden, "session-required");
    }

    private static string NewName() => $"u{Guid.NewGuid():N}";

    private static async Task<Answer> SignAsync(Person person, string how, string userName)
    {
        var answer = await SendAsync(person, HttpMethod.Post, $"/me/sign-{how}", new { userName, password = Password });
        SkipWhenTooFast(answer);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer;
    }
}
