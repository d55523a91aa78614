using AspireFeedback.Contracts;
using AspireFeedback.Tests.Admin;
using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Browser;

/// <summary>Every view of both pages, in both themes, under axe-core.</summary>
public sealed class AccessibilityTests(PostgresServer postgres, Chromium chromium)
{
    private const string Profile =
        """
        {"rows":4,"notes":["One row is shorter than the header."],"columns":[
          {"name":"people","type":"integer","count":3,"missing":1,"distinct":3,"distinctIsEstimate":true,"min":1,"max":9,"mean":4.5,"histogram":[{"from":1,"to":5,"count":2},{"from":5,"to":9,"count":1}]},
          {"name":"city","type":"text","count":4,"missing":0,"distinct":2,"distinctIsEstimate":false,"min":"Bern","max":"Zug","top":[{"value":"Bern","count":3},{"value":"Zug","count":1}]}]}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_view_of_the_page_is_for_everybody(ColorScheme theme)
    {
        await using var web = await PageReplica.StartAsync(postgres, new() { ["Dashboard:Url"] = "http://localhost:15100", ["Dashboard:ForOwners"] = "true", ["Files:MaxBytes"] = "1000" });
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        await visitor.AddAxeAsync();
        var page = await visitor.OpenAsync();
        await page.EmulateMediaAsync(new() { ColorScheme = theme });
        await page.ReloadAsync();
        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync("nothing yet");
        await page.GetByText("Place an order").ClickAsync();
        await page.GetByText("Send an echo").ClickAsync();
        await page.ShouldBeAccessibleAsync("the forms");

        foreach (var (view, id, shows) in await MakeAsync(web, await page.OwnerAsync()))
        {
            await page.EvaluateAsync("id => { location.hash = id; }", id.ToString());
            await Expect(page.Status()).ToContainTextAsync(shows);
            await page.ShouldBeAccessibleAsync(view);
        }

        await page.StartAnewAsync();
        await Expect(page.Newest()).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync("a list with news");
        await page.GetByLabel("Search your requests").FillAsync("no such words");
        await Expect(page.GetByText("Nothing here fits.")).ToBeVisibleAsync();
        await page.DropFileAsync("large.csv", new string('a', 2_000));
        await Expect(page.GetByText("Not sent, since a file may have")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync("nothing found, and a file too large");
        await page.PressAsync("Close");
        await page.PressAsync("Show all");
        await page.SetViewportSizeAsync(390, 844);
        await page.ShouldBeAccessibleAsync("the start and the list on a phone");
        await page.RouteAsync("**/files/*", _ => Task.CompletedTask);
        await page.DropFileAsync("a-file-with-a-name-that-is-cut-in-its-middle.csv", "a,b\n1,2\n");
        await Expect(page.Status()).ToContainTextAsync("Uploading");
        await page.ShouldBeAccessibleAsync("an upload on a phone");
        await page.GetByRole(AriaRole.Link, new() { Name = "All requests" }).ClickAsync();
        await page.SetViewportSizeAsync(1280, 720);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make an account or add a device" }).ClickAsync();
        await page.PressAsync("Show a link");
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "The link as a QR code" })).ToBeVisibleAsync();
        await page.GetByText("I have a code from my other device").ClickAsync();
        await page.PressAsync("I have an account");
        await page.ShouldBeAccessibleAsync("account and devices");
        await page.PressAsync("Close");
        await page.EvaluateAsync("location.hash = 'pair=0000-0000-0000-0000'");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Take what is here along");
        await page.ShouldBeAccessibleAsync("joining another device");
        await page.PressAsync("Close");
        await visitor.Context.SetOfflineAsync(true);
        await Expect(page.GetByText("You are offline.")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync("offline");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_view_of_the_admin_page_is_for_everybody(ColorScheme theme)
    {
        await using var web = await PageReplica.StartAsync(postgres, new() { ["Dashboard:Url"] = "http://localhost:15100" });
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        await visitor.AddAxeAsync();
        var id = await web.AcceptAsync();
        await web.HoldAsync(id);
        var page = await visitor.GoToAsync("/admin");
        await page.EmulateMediaAsync(new() { ColorScheme = theme });
        await page.ReloadAsync();
        await Expect(page.GetByLabel("Admin key")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync("sign-in");
        await page.GetByLabel("Admin key").FillAsync(WebReplica.AdminKey);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("The disk is full.").First).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync("what was found");
        await page.GetByRole(AriaRole.List, new() { Name = "Found requests" }).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByText("Version 7 of 7")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync("a request");
        await page.PressAsync("Cancel the request");
        await page.ShouldBeAccessibleAsync("asked whether to cancel");
    }

    private static async Task<IReadOnlyList<(string View, Guid Id, string Shows)>> MakeAsync(WebReplica web, Guid owner)
    {
        async Task<Guid> NewAsync(string kind = "echo") => await web.AcceptAsync(kind, owner);
        var (waiting, running, asks, held) = (await NewAsync(), await NewAsync(), await NewAsync(), await NewAsync());
        var stopping = await NewAsync();
        var (echo, report, order, failed, canceled) = (await NewAsync(), await NewAsync("csv-profile"), await NewAsync("checkout"), await NewAsync(), await NewAsync());
        await web.RunAsync(running, Given.Progress(1, 40), new() { Output = [new(0, string.Join('\n', Enumerable.Range(1, 60)))] });
        var question = Given.Json("""{"type":"object","properties":{"size":{"type":"string","enum":["small","large"]},"copies":{"type":"integer"},"gift":{"type":"boolean"}}}""");
        await web.RunAsync(asks, new RunReport { Outcome = new RunAsked("size", "Which size?", question) });
        await web.HoldAsync(held);
        await web.RunAsync(stopping);
        await web.AppendAsync(stopping, new CancelRequest("owner"));
        await web.RunAsync(echo, Given.Succeeded("""{"text":"hi"}"""));
        await web.RunAsync(report, Given.Succeeded(Profile));
        await web.RunAsync(order, Given.Succeeded("""{"payment":"p-1","parcel":"q-1"}"""));
        await web.RunAsync(failed, Given.Failed(permanent: true));
        var run = await web.RunAsync(canceled);
        await web.AppendAsync(canceled, new CancelRequest("owner"));
        await web.ReportAsync(canceled, run, Given.Canceled());
        return
        [
            ("waiting", waiting, "Waiting for a free worker"), ("running", running, "40%"), ("a question", asks, "Which size?"), ("held", held, "Nothing is lost"),
            ("stopping", stopping, "The worker is told to stop"),
            ("a text", echo, "Done in"), ("a report", report, "Done in"), ("values", order, "Done in"), ("failed", failed, "It failed."),
            ("canceled", canceled, "Canceled"), ("nothing there", Guid.NewGuid(), "Nothing is known under this id"),
        ];
    }
}
