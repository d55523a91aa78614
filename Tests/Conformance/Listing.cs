using System.Net;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

public sealed class Listing(RunningSystem system) : ContractTest(system)
{
    [Fact]
    public async Task Shows_the_own_requests_newest_first_page_by_page()
    {
        var ids = new List<Guid>();
        for (var n = 0; n < 7; n++)
            ids.Add(await AcceptedAsync());
        await (await SomebodyAsync()).SubmitAsync(Guid.CreateVersion7(), "echo", new { text = "another's" }, Cancellation);

        var (seen, pages) = (new List<Guid>(), 0);
        for (var path = "/requests?limit=3"; path is not null; pages++)
        {
            var page = await GetAsync(path);
            page.Status.ShouldBe(HttpStatusCode.OK, page.Text);
            seen.AddRange(Items(page, "requests").Select(item => item.GetProperty("id").GetGuid()));
            path = page.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
        }

        pages.ShouldBe(3);
        seen.ShouldBe(Enumerable.Reverse(ids));
    }

    [Fact]
    public async Task Can_be_narrowed_by_status_and_kind()
    {
        var ended = await EndedAsync();
        var running = await AcceptedAsync(new { text = "a", delayMs = 60_000 });

        await IdsShouldBeAsync("?status=Succeeded", ended);
        await IdsShouldBeAsync("?kind=echo", running, ended);
        await IdsShouldBeAsync("?kind=csv-profile");
        await Me.CancelAsync(running, Cancellation);
    }

    [Fact]
    public async Task Tells_where_results_are_and_not_what()
    {
        var id = await EndedAsync(new { text = "only at its own address" });
        var page = await GetAsync("/requests");
        page.Text.ShouldNotContain("only at its own address");
        Items(page, "requests").Single().GetProperty("resultUrl").GetString().ShouldBe($"/requests/{id}/result");
        page.Headers.Contains("Link").ShouldBeFalse();
    }

    [Theory]
    [InlineData("?status=Lost")]
    [InlineData("?status=4")]
    [InlineData("?limit=0")]
    [InlineData("?limit=many")]
    [InlineData("?cursor=!")]
    [InlineData("?cursor=AAAA")]
    public async Task By_what_it_does_not_know_is_400(string query) => ShouldBeProblem(await GetAsync($"/requests{query}"), HttpStatusCode.BadRequest, "invalid-query");

    private async Task IdsShouldBeAsync(string query, params Guid[] ids) =>
        Items(await GetAsync($"/requests{query}"), "requests").Select(item => item.GetProperty("id").GetGuid()).ShouldBe(ids);
}
