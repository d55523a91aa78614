using AspireFeedback.Tests.Admin;
using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Browser;

/// <summary>The list of requests: finding one among many, and what is new.</summary>
public sealed class RequestListTests(PostgresServer postgres, Chromium chromium)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_and_groups_find_one_among_many()
    {
        await using var web = await PageReplica.StartAsync(postgres);
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        var page = await visitor.OpenAsync();
        var owner = await page.OwnerAsync();
        for (var n = 0; n < 60; n++)
            await web.AcceptAsync(owner: owner);
        var held = await web.AcceptAsync("checkout", owner);
        await web.HoldAsync(held, "The moon was full.");
        await page.ReloadAsync();
        await Expect(page.Entries()).ToHaveCountAsync(50);
        await page.PressAsync("Show older ones");
        await Expect(page.Entries()).ToHaveCountAsync(61);

        await page.GetByLabel("Search your requests").FillAsync("MOON full");
        await Expect(page.Entries()).ToHaveCountAsync(1);
        await page.GetByLabel("Search your requests").FillAsync("no such words");
        await page.PressAsync("Show all");
        await Expect(page.Entries()).ToHaveCountAsync(61);
        await page.GetByRole(AriaRole.Button, new() { Name = "Needs you 1" }).ClickAsync();
        await Expect(page.Entries()).ToHaveCountAsync(1);
        await page.Newest().ClickAsync();
        await Expect(page.Status()).ToContainTextAsync("Last error: The moon was full.");

        await page.PressAsync("Stop");
        await Expect(page.GetByText("Nothing here fits.")).ToBeVisibleAsync();
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task What_ended_while_nobody_looked_is_marked_until_it_is_opened_in_any_window()
    {
        await using var web = await PageReplica.StartAsync(postgres);
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        var page = await visitor.OpenAsync();
        var owner = await page.OwnerAsync();
        var (first, second) = (await web.AcceptAsync(owner: owner), await web.AcceptAsync(owner: owner));
        await page.CloseAsync();
        await web.RunAsync(first, Given.Succeeded());
        await web.RunAsync(second, Given.Failed(permanent: true));

        page = await visitor.OpenAsync();
        var other = await visitor.OpenAsync();
        var marks = page.GetByText("New: ");
        await Expect(marks).ToHaveCountAsync(2);
        await page.Newest().ClickAsync();
        await Expect(page.Status()).ToContainTextAsync("It failed.");
        await Expect(marks).ToHaveCountAsync(1);
        await Expect(other.GetByText("New: ")).ToHaveCountAsync(1);

        await other.PressAsync("Mark all as seen");
        await Expect(marks).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.Entries()).ToHaveCountAsync(2);
        await Expect(marks).ToHaveCountAsync(0);
        visitor.ShouldHaveSeenNoErrors();
    }
}
