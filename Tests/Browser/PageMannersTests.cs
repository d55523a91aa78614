using AspireFeedback.Tests.Admin;
using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Browser;

/// <summary>What people expect of any page without a word: its tab, the keyboard, paper, and being asked before something is lost.</summary>
public sealed class PageMannersTests(PostgresServer postgres, Chromium chromium)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tab_tells_how_it_stands_and_who_presses_a_button_that_goes_away_stays_where_they_were()
    {
        await using var web = await PageReplica.StartAsync(postgres);
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        var page = await visitor.OpenAsync();
        var owner = await page.OwnerAsync();
        await ExpectTabAsync(page, "AspireFeedback", "/icon.svg");
        var id = await web.AcceptAsync(owner: owner);
        await ExpectTabAsync(page, "1 under way · AspireFeedback", "/icon-busy.svg");
        await web.HoldAsync(id);
        await ExpectTabAsync(page, "1 needs you · AspireFeedback", "/icon-held.svg");
        await page.Newest().ClickAsync();
        await ExpectTabAsync(page, "Paused after 3 failed attempts · Echo: hi", "/icon-held.svg");

        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).PressAsync("Enter");
        await Expect(page.Status()).ToContainTextAsync(PageActions.Waiting);
        await Expect(page.Status()).ToBeFocusedAsync();
        await web.AppendAsync(id, Given.Report(Guid.NewGuid(), Given.Started() with { Worker = "backend-4" }, 4));
        await ExpectTabAsync(page, "Working on it · Echo: hi", "/icon-busy.svg");
        await page.StartAnewAsync();
        await web.AppendAsync(id, new CancelRequest("owner"));
        await ExpectTabAsync(page, "1 under way · AspireFeedback", "/icon-busy.svg");
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task Who_leaves_while_a_file_is_on_its_way_that_only_this_page_has_is_asked_first()
    {
        await using var web = await PageReplica.StartAsync(postgres);
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        var page = await visitor.OpenAsync();
        await page.RouteAsync("**/files/*", _ => Task.CompletedTask);
        await page.DropFileAsync("large.csv", "a,b\n", repeat: 6_000_000);
        await Expect(page.Status()).ToContainTextAsync("Keep this page open");
        var question = new TaskCompletionSource<string>();
        page.Dialog += async (_, dialog) =>
        {
            await dialog.DismissAsync();
            question.TrySetResult(dialog.Type);
        };

        await page.CloseAsync(new() { RunBeforeUnload = true });
        (await question.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)).ShouldBe("beforeunload");

        await page.PressAsync("Cancel");
        await Expect(page.Entries()).ToHaveCountAsync(0);
        var closed = new TaskCompletionSource();
        page.Close += (_, _) => closed.TrySetResult();
        await page.CloseAsync(new() { RunBeforeUnload = true });
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task What_is_printed_is_the_report_without_what_one_presses_and_a_link_that_leads_nowhere_shows_a_way_to_go_on()
    {
        await using var web = await PageReplica.StartAsync(postgres);
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        var page = await visitor.OpenAsync();
        var id = await web.AcceptAsync(owner: await page.OwnerAsync());
        await web.RunAsync(id, Given.Succeeded("""{"parcel":"P 1"}"""));
        await page.Newest().ClickAsync();
        var again = page.GetByRole(AriaRole.Button, new() { Name = "Run it again" });
        await Expect(again).ToBeVisibleAsync();
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(again).ToBeHiddenAsync();
        await Expect(page.GetByRole(AriaRole.Banner)).ToBeHiddenAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Result" })).ToBeVisibleAsync();
        await page.EmulateMediaAsync(new() { Media = Media.Screen });

        await page.EvaluateAsync("id => { location.hash = id; }", Guid.NewGuid().ToString());
        await Expect(page.Status()).ToContainTextAsync("Nothing is known under this id");
        await page.PressAsync("sign in or join that device");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "You and your devices" })).ToBeVisibleAsync();
    }

    private static async Task ExpectTabAsync(IPage page, string title, string icon)
    {
        await Expect(page).ToHaveTitleAsync(title);
        await Expect(page.Locator("link[rel=icon]")).ToHaveAttributeAsync("href", icon);
    }
}
