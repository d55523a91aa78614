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

    [Fact]
    public async Task On_a_phone_one_comes_back_to_the_place_in_the_list_that_one_left_and_arrows_walk_through_it()
    {
        await using var web = await PageReplica.StartAsync(postgres);
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        var page = await visitor.OpenAsync();
        await page.SetViewportSizeAsync(390, 844);
        var owner = await page.OwnerAsync();
        for (var n = 0; n < 30; n++)
            await web.AcceptAsync(owner: owner);
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "30 requests" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Navigation)).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your requests" })).ToBeInViewportAsync();

        var entry = page.Entries().Nth(24).GetByRole(AriaRole.Link);
        await entry.ClickAsync();
        await Expect(page.Entries()).ToHaveCountAsync(0);
        await Expect(page.Status()).ToBeInViewportAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "All requests" }).ClickAsync();
        await Expect(entry).ToBeFocusedAsync();
        await Expect(entry).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(page.Entries().Nth(23).GetByRole(AriaRole.Link)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Entries()).ToHaveCountAsync(0);
        await page.GoBackAsync();
        await Expect(page.Entries().Last.GetByRole(AriaRole.Link)).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Enter");
        await page.StartAnewAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What is in your CSV?" })).ToBeInViewportAsync();
        visitor.ShouldHaveSeenNoErrors();
    }
}
