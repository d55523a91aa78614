using Aspire.Hosting.Testing;
using AspireFeedback.Tests.EndToEnd;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Browser;

/// <summary>On the page: going on with another device, and an account.</summary>
[Collection(SystemTests.Name)]
public sealed class IdentityPageTests(RunningSystem system, Chromium chromium)
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task A_link_of_one_device_lets_another_one_join_after_a_word_and_leaves_the_address()
    {
        await using var first = await NewVisitorAsync();
        await using var second = await NewVisitorAsync();
        var page = await first.OpenAsync();
        await page.DropFileAsync("<b>rides & more.csv", "city\nBern\n");
        await Expect(page.Newest()).ToContainTextAsync("Done in");
        var link = await OpenPairingAsync(page);

        var other = await second.OpenAsync(link.Fragment);
        new Uri(other.Url).Fragment.ShouldBeEmpty();
        var dialog = other.GetByRole(AriaRole.Dialog, new() { Name = "Join your other device?" });
        await Expect(dialog).ToContainTextAsync("a guest with no requests");
        await Expect(other.Newest()).ToHaveCountAsync(0);
        await other.PressAsync("Join");
        await other.PressAsync("Show the requests");

        await Expect(other.Newest()).ToContainTextAsync("<b>rides & more.csv");
        (await WhoAsync(other)).ShouldBe(await WhoAsync(page));
        first.ShouldHaveSeenNoErrors();
        second.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task Who_does_not_join_stays_who_they_are_and_what_was_there_comes_along_only_if_they_say_so()
    {
        await using var first = await NewVisitorAsync();
        await using var second = await NewVisitorAsync();
        var page = await first.OpenAsync();
        var other = await second.OpenAsync();
        await other.SendEchoAsync("from the second");
        var guest = await WhoAsync(other);
        var link = await OpenPairingAsync(page);

        await other.EvaluateAsync("fragment => { location.hash = fragment; }", link.Fragment);
        var choice = other.GetByRole(AriaRole.Checkbox, new() { Name = "Take what is here along" });
        await Expect(choice).Not.ToBeCheckedAsync();
        await other.PressAsync("Stay as it is");
        (await WhoAsync(other)).ShouldBe(guest);

        await other.EvaluateAsync("fragment => { location.hash = fragment; }", link.Fragment);
        await choice.CheckAsync();
        await other.PressAsync("Join");
        await other.PressAsync("Show the requests");

        await Expect(other.Newest()).ToContainTextAsync("Echo: from the second");
        await page.ReloadAsync();
        await Expect(page.Newest()).ToContainTextAsync("Echo");
        second.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task After_a_sign_up_every_window_shows_the_same_requests_and_after_a_sign_out_none()
    {
        await using var visitor = await NewVisitorAsync();
        var name = $"ada.{Guid.NewGuid():N}"[..20];
        var page = await visitor.OpenAsync();
        await page.SendEchoAsync("mine");
        var window = await visitor.OpenAsync();

        await OpenAccountAsync(page);
        await page.GetByLabel("User name").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.PressAsync("Sign up");

        foreach (var shown in new[] { page, window })
        {
            await Expect(shown.GetByRole(AriaRole.Button, new() { Name = $"{name}: account and devices" })).ToBeVisibleAsync();
            await Expect(shown.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
            await Expect(shown.Newest()).ToContainTextAsync("Echo: mine");
        }

        await OpenAccountAsync(page);
        await page.PressAsync("Sign out");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Guest: account and devices" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Echo: mine")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_code_that_is_none_is_told_so_and_a_narrow_page_needs_no_scrolling_sideways()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        await page.SetViewportSizeAsync(390, 844);
        await OpenPairingAsync(page);
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "The link as a QR code" })).ToBeVisibleAsync();
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(390);
        (await page.EvaluateAsync<bool>("(dialog => dialog.scrollWidth <= dialog.clientWidth)(document.querySelector('dialog'))")).ShouldBeTrue();

        await page.GetByText("I have a code from my other device").ClickAsync();
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync("0000-0000-0000-0000");
        await page.PressAsync("Go on");
        await page.PressAsync("Join");

        await Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToContainTextAsync("No such code is open.");
    }

    private static Task OpenAccountAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "account and devices" }).ClickAsync();

    private static async Task<Uri> OpenPairingAsync(IPage page)
    {
        await OpenAccountAsync(page);
        await page.PressAsync("Show a link");
        return new(await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Link).InnerTextAsync());
    }

    private static Task<string> WhoAsync(IPage page) => page.EvaluateAsync<string>("async () => (await (await fetch('/me')).json()).id");

    private async Task<Visitor> NewVisitorAsync()
    {
        var app = await system.StartAsync(TestContext.Current.CancellationToken);
        return await chromium.NewVisitorAsync(app.GetEndpoint("web"), TestContext.Current.CancellationToken);
    }
}
