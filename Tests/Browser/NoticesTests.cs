using AspireFeedback.Tests.Admin;
using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Browser;

/// <summary>The switch for notices of the browser: who wants them is told of every end while elsewhere, and nobody else is asked or told.</summary>
public sealed class NoticesTests(PostgresServer postgres, Chromium chromium)
{
    /// <summary>Keeps what would be shown, since nobody looks at this browser; <c>leave</c> and <c>comeBack</c> are the person.</summary>
    private const string Watch =
        """
        (() => {
          window.notices = [];
          window.asked = 0;
          window.Notification = class extends Notification {
            constructor(title, options) {
              super(title, options);
              window.notices.push({ title, body: options.body, tag: options.tag, click: () => this.onclick?.(new Event("click")) });
            }
            static requestPermission() {
              window.asked++;
              return super.requestPermission();
            }
          };
          let isAway = false;
          for (const [name, value] of [["visibilityState", () => (isAway ? "hidden" : "visible")], ["hidden", () => isAway]])
            Object.defineProperty(document, name, { configurable: true, get: value });
          const be = (away) => { isAway = away; document.dispatchEvent(new Event("visibilitychange")); };
          window.leave = () => be(true);
          window.comeBack = () => be(false);
        })()
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_switches_them_on_is_told_of_an_end_while_elsewhere_and_led_to_it_by_a_click()
    {
        await using var web = await PageReplica.StartAsync(postgres);
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        await visitor.Context.GrantPermissionsAsync(["notifications"]);
        await visitor.Context.AddInitScriptAsync(Watch);
        var page = await visitor.OpenAsync();
        var owner = await page.OwnerAsync();

        await ExpectNoNoticeOfAnEndAsync(web, page, owner);
        (await page.EvaluateAsync<int>("window.asked")).ShouldBe(0, "nobody is asked unasked");
        await SwitchAsync(page, on: true);
        await page.ReloadAsync();
        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();

        var (seen, missed) = (await web.AcceptAsync(owner: owner), await web.AcceptAsync("checkout", owner));
        await Expect(page.Entries()).ToHaveCountAsync(3);
        await web.RunAsync(seen, Given.Succeeded());
        await Expect(page.GetByRole(AriaRole.Navigation).GetByText("Done in")).ToHaveCountAsync(2);
        await page.EvaluateAsync("window.leave()");
        await web.RunAsync(missed, Given.Failed(permanent: true));

        await page.WaitForFunctionAsync("window.notices.length > 0");
        (await page.EvaluateAsync<string[]>("window.notices.map(({ title, body, tag }) => `${title}: ${body} ${tag}`)")).ShouldBe([$"Checkout: It failed. {missed}"]);
        await page.EvaluateAsync("() => { window.comeBack(); window.notices[0].click(); }");
        await Expect(page.Status()).ToContainTextAsync("It failed.");
        page.RequestId().ShouldBe(missed);

        await SwitchAsync(page, on: false);
        await page.EvaluateAsync("window.notices = []");
        await ExpectNoNoticeOfAnEndAsync(web, page, owner);
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task Where_the_browser_does_not_allow_them_the_switch_stays_off_and_says_why()
    {
        await using var web = await PageReplica.StartAsync(postgres);
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        await visitor.Context.AddInitScriptAsync("Notification.requestPermission = () => Promise.resolve('denied');");
        var page = await visitor.OpenAsync();

        var choice = await OpenSwitchAsync(page);
        await choice.ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert).GetByText("does not allow notices for this page")).ToBeVisibleAsync();
        await Expect(choice).Not.ToBeCheckedAsync();
        await page.ReloadAsync();
        await Expect(await OpenSwitchAsync(page)).Not.ToBeCheckedAsync();
        visitor.ShouldHaveSeenNoErrors();
    }

    /// <summary>A page that its person has just left is still connected: what it shows of the end it would have told before.</summary>
    private static async Task ExpectNoNoticeOfAnEndAsync(WebReplica web, IPage page, Guid owner)
    {
        var id = await web.AcceptAsync(owner: owner);
        var entry = page.GetByRole(AriaRole.Navigation).Locator($"a[href='#{id}']");
        await Expect(entry).ToContainTextAsync(PageActions.Waiting);
        await page.EvaluateAsync("window.leave()");
        await web.RunAsync(id, Given.Succeeded());
        await Expect(entry).ToContainTextAsync("Done in");
        (await page.EvaluateAsync<int>("window.notices.length")).ShouldBe(0);
        await page.EvaluateAsync("window.comeBack()");
    }

    private static async Task SwitchAsync(IPage page, bool on)
    {
        var choice = await OpenSwitchAsync(page);
        await choice.ClickAsync();
        await Expect(choice).ToBeCheckedAsync(new() { Checked = on });
        await page.PressAsync("Close");
    }

    private static async Task<ILocator> OpenSwitchAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "account and devices" }).ClickAsync();
        return page.GetByRole(AriaRole.Checkbox, new() { Name = "Tell me when a request ends while I am elsewhere" });
    }
}
