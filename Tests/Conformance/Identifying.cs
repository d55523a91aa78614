using System.Net;
using System.Text.Json;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

public sealed class Identifying(RunningSystem system) : ContractTest(system)
{
    [Fact]
    public async Task A_guest_stays_the_same_as_long_as_the_cookie_does()
    {
        var first = await GetAsync("/me");
        var second = await GetAsync("/me");

        first.Json.GetProperty("kind").GetString().ShouldBe("guest");
        second.Json.GetProperty("id").GetGuid().ShouldBe(first.Json.GetProperty("id").GetGuid());
        (await (await SomebodyAsync()).GetAsync("/me", Cancellation)).Json.GetProperty("id").GetGuid().ShouldNotBe(first.Json.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Without_an_identity_it_is_401()
    {
        using var nobody = new HttpClient { BaseAddress = Me.Web };
        foreach (var path in new[] { "/requests", $"/requests/{Guid.CreateVersion7()}", "/me/events", $"/files/{Guid.CreateVersion7()}" })
        {
            using var response = await nobody.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
            response.Headers.WwwAuthenticate.ShouldContain(challenge => challenge.Scheme == "Bearer");
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }
    }

    [Fact]
    public async Task A_guest_is_a_cookie_that_scripts_and_other_sites_do_not_get()
    {
        using var nobody = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Me.Web };
        using var response = await nobody.GetAsync(new Uri("/me", UriKind.Relative), Cancellation);
        var parts = response.Headers.GetValues("Set-Cookie").Single().ToLowerInvariant().Split("; ");

        parts[0].Split('=')[0].ShouldMatch("^feedback-[0-9a-f]{12}$", "the installation is in the name: cookies know no ports");
        parts.ShouldContain("httponly");
        parts.ShouldContain("samesite=lax");
        parts.ShouldContain("path=/");
        parts.Contains("secure").ShouldBe(Me.Web.Scheme is "https");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task The_back_rooms_are_404_for_everybody_else()
    {
        // The same as where there is nothing at all.
        foreach (var path in new[] { "/admin/requests", $"/admin/requests/{Guid.CreateVersion7()}", "/admin/no-such-room" })
        {
            ShouldBeProblem(await GetAsync(path), HttpStatusCode.NotFound, "not-found");
            ShouldBeProblem(await AsScriptAsync("wrong", HttpMethod.Get, path), HttpStatusCode.NotFound, "not-found");
            ShouldBeProblem(await AsScriptAsync(null, HttpMethod.Get, path), HttpStatusCode.NotFound, "not-found");
        }
    }

    [Fact]
    public async Task Every_problem_is_a_page_that_can_be_read()
    {
        var problem = (await GetAsync($"/requests/{Guid.CreateVersion7()}")).Json.GetProperty("type").GetString()!;
        var page = await GetAsync(problem, ("Accept", "text/html"));
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.ContentType.ShouldBe("text/html");
        var json = await GetAsync(problem, ("Accept", "application/json"));
        json.Json.GetProperty("type").GetString().ShouldBe(problem);
        (await GetAsync("/problems", ("Accept", "text/html"))).Text.ShouldContain(problem);
        ShouldBeProblem(await GetAsync("/problems/no-such-problem"), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task The_description_of_the_interface_names_every_route()
    {
        var description = await GetAsync("/openapi/v1.json");
        description.Status.ShouldBe(HttpStatusCode.OK);
        var paths = description.Json.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToArray();
        foreach (var path in new[] { "/requests", "/requests/{id}", "/requests/{id}/events", "/requests/{id}/result", "/requests/{id}/retry", "/requests/{id}/input", "/files/{id}", "/me", "/me/events" })
            paths.ShouldContain(path);
        description.Json.GetProperty("openapi").ValueKind.ShouldBe(JsonValueKind.String);
    }
}
