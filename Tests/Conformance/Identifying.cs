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

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_page_of_another_site_is_403_with_the_cookie(string header, string value)
    {
        var id = Guid.CreateVersion7();
        var submit = await SendAsync(HttpMethod.Put, $"/requests/{id}", JsonOf("""{"kind":"echo","payload":{"text":"a"}}"""), (header, value));
        var stream = await GetAsync("/me/events", (header, value), ("Accept", "text/event-stream"));

        ShouldBeProblem(submit, HttpStatusCode.Forbidden, "forbidden-origin");
        stream.Status.ShouldBe(HttpStatusCode.Forbidden);
        (await GetAsync($"/requests/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_back_rooms_are_404_for_everybody_else()
    {
        (await GetAsync("/admin/requests")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync("/admin/requests", ("Authorization", "Bearer wrong"))).Status.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Every_problem_is_a_page_that_can_be_read()
    {
        var problem = (await GetAsync($"/requests/{Guid.CreateVersion7()}")).Json.GetProperty("type").GetString()!;
        var page = await GetAsync(problem, ("Accept", "text/html"));
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.ContentType.ShouldBe("text/html");
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
