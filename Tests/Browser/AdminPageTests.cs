using AspireFeedback.Tests.Admin;
using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Browser;

/// <summary>The admin page over a log that the tests write: they are owners and workers.</summary>
public sealed class AdminPageTests(PostgresServer postgres, Chromium chromium)
{
    private const string Dashboard = "http://localhost:15100";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_admin_signs_in_finds_what_is_held_reads_its_history_and_tries_it_again()
    {
        await using var web = await StartAsync();
        var held = await web.AcceptAsync(payload: """{"text":"look at me"}""");
        await web.HoldAsync(held, "The disk is full.");
        await web.AppendAsync(await web.AcceptAsync(), Given.Report(Guid.NewGuid(), Given.Succeeded()));
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        var page = await visitor.GoToAsync("/admin");

        await SignInAsync(page, "a guess");
        await Expect(page.GetByText("This key opens nothing here.")).ToBeVisibleAsync();
        await SignInAsync(page, WebReplica.AdminKey);
        await Expect(Rows(page)).ToHaveCountAsync(2);

        await page.GetByLabel("Status").SelectOptionAsync("Held");
        await Expect(Rows(page)).ToHaveCountAsync(1);
        page.Url.ShouldEndWith("/admin?status=Held");
        await page.ReloadAsync();
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await Expect(Rows(page)).ToContainTextAsync("The disk is full.");

        await Rows(page).GetByRole(AriaRole.Link).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(Region(page, "Status")).ToContainTextAsync("Paused after 3 failed attempts");
        await Expect(Region(page, "Attempts").GetByText("Attempt 3", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(Region(page, "Attempts")).ToContainTextAsync("on backend-2: failed");
        await Expect(Region(page, "Payload")).ToContainTextAsync("look at me");
        (await page.GetByRole(AriaRole.Link, new() { Name = "Open in the dashboard" }).GetAttributeAsync("href"))
            .ShouldBe($"{Dashboard}/traces/detail/0af7651916cd43dd8448eb211c80319c");

        await page.GetByLabel("Version", new() { Exact = true }).FillAsync("1");
        await Expect(Region(page, "State as of a version")).ToContainTextAsync("Version 1 of 7: request-accepted");
        await Expect(Region(page, "State as of a version")).ToContainTextAsync("Waiting for a free worker");
        var failed = Region(page, "Events as stored").GetByRole(AriaRole.Listitem).Filter(new() { HasText = "attempt-failed" }).First;
        await failed.Locator("summary").ClickAsync();
        await failed.GetByRole(AriaRole.Button, new() { Name = "State as of then" }).ClickAsync();
        await Expect(Region(page, "State as of a version")).ToContainTextAsync("Version 3 of 7: attempt-failed");
        await Expect(Region(page, "State as of a version")).ToContainTextAsync("\"failures\": 1");

        await page.PressAsync("Try again");
        var question = page.GetByRole(AriaRole.Dialog, new() { Name = "Try this request again?" });
        await Expect(question).ToContainTextAsync("The owner sees that an admin asked for it.");
        await question.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(page.GetByText("Tried again on request")).ToBeVisibleAsync();
        await Expect(question).Not.ToBeVisibleAsync();
        (await StreamAsync(web, held))[^1].Event.ShouldBe(new RetryRequested("admin"));

        await page.GetByRole(AriaRole.Link, new() { Name = "All requests" }).ClickAsync();
        await Expect(page.GetByText("Nothing fits.")).ToBeVisibleAsync();
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task The_page_follows_what_happens_by_itself_and_cancels()
    {
        await using var web = await StartAsync();
        var id = await web.AcceptAsync();
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        var page = await visitor.GoToAsync($"/admin#{id}");
        await SignInAsync(page, WebReplica.AdminKey);
        await Expect(Region(page, "Status")).ToContainTextAsync(PageActions.Waiting);

        var run = Guid.NewGuid();
        await web.AppendAsync(id, Given.Report(run, Given.Started()));
        await web.AppendAsync(id, Given.Report(run, Given.Progress(1, 40)));
        await Expect(Region(page, "Status")).ToContainTextAsync("40%");

        await page.PressAsync("Cancel the request");
        var question = page.GetByRole(AriaRole.Dialog, new() { Name = "Cancel this request?" });
        await question.GetByRole(AriaRole.Button, new() { Name = "Leave it" }).ClickAsync();
        (await StreamAsync(web, id)).Count.ShouldBe(3);
        await page.PressAsync("Cancel the request");
        await question.GetByRole(AriaRole.Button, new() { Name = "Cancel the request" }).ClickAsync();

        await Expect(Region(page, "Status")).ToContainTextAsync("Stopping");
        await web.AppendAsync(id, Given.Report(run, Given.Canceled()));
        await Expect(Region(page, "Status")).ToContainTextAsync("Canceled");
        (await StreamAsync(web, id))[^1].Event.ShouldBeOfType<RequestCanceled>().By.ShouldBe("admin");
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task New_requests_show_up_by_themselves_and_filters_narrow_them_by_text_and_owner()
    {
        await using var web = await StartAsync();
        var owner = Guid.NewGuid();
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        var page = await visitor.GoToAsync("/admin");
        await SignInAsync(page, WebReplica.AdminKey);
        await Expect(page.GetByText("No requests yet.")).ToBeVisibleAsync();

        await web.HoldAsync(await web.AcceptAsync(owner: owner), "The disk is full.");
        await web.HoldAsync(await web.AcceptAsync(), "The network is down.");
        await Expect(Rows(page)).ToHaveCountAsync(2);

        await page.GetByLabel("Text in the error").FillAsync("DISK");
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await Rows(page).GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "All of theirs" }).ClickAsync();
        await Expect(page.GetByLabel("Owner")).ToHaveValueAsync(owner.ToString());
        await Expect(Rows(page)).ToHaveCountAsync(1);
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task Who_signs_out_sees_nothing_any_more_and_nothing_needs_more_width_than_a_phone_has()
    {
        await using var web = await StartAsync();
        var id = await web.AcceptAsync("a-kind-with-a-rather-long-name-that-nobody-would-choose");
        await web.HoldAsync(id, "A_reason_without_any_space_that_is_much_longer_than_the_narrowest_of_all_screens_on_which_somebody_may_look");
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        var page = await visitor.GoToAsync("/admin");
        await page.SetViewportSizeAsync(390, 800);
        await SignInAsync(page, WebReplica.AdminKey);
        await Expect(Rows(page)).ToHaveCountAsync(1);
        (await OverflowAsync(page)).ShouldBe(0);
        await Rows(page).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(Region(page, "State as of a version")).ToContainTextAsync("Version 7 of 7");
        (await OverflowAsync(page)).ShouldBe(0);

        await page.PressAsync("Sign out");
        await Expect(page.GetByLabel("Admin key")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.GetByLabel("Admin key")).ToBeVisibleAsync();
        await Expect(page.GetByText("A_reason_without")).ToHaveCountAsync(0);
        visitor.ShouldHaveSeenNoErrors();
    }

    private Task<WebReplica> StartAsync() => PageReplica.StartAsync(postgres, new() { ["Dashboard:Url"] = Dashboard });

    private static async Task SignInAsync(IPage page, string key)
    {
        await page.GetByLabel("Admin key").FillAsync(key);
        await page.Keyboard.PressAsync("Enter");
    }

    private static ILocator Rows(IPage page) => page.GetByRole(AriaRole.List, new() { Name = "Found requests" }).GetByRole(AriaRole.Listitem);

    private static ILocator Region(IPage page, string name) => page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    private static Task<int> OverflowAsync(IPage page) => page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth");

    private static Task<IReadOnlyList<StoredEvent>> StreamAsync(WebReplica web, Guid id) =>
        web.Services.GetRequiredService<IRequestLog>().ReadStreamAsync(id, 0, 100, Cancellation);
}
