using AspireFeedback.Tests.Browser;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Dashboard;

/// <summary>Every view of the dashboard, in both themes, under axe-core.</summary>
[Collection(SampleDashboardTests.Name)]
public sealed class DashboardAccessibilityTests(SampleDashboard dashboard, Chromium chromium)
{
    private readonly string _service = $"shop{Guid.NewGuid():N}"[..12];

    [Fact]
    public async Task Every_view_is_for_everybody()
    {
        var trace = await SendAsync();
        await using var visitor = await chromium.NewVisitorAsync(new Uri(dashboard.Address.Url), TestContext.Current.CancellationToken);
        await visitor.AddAxeAsync();
        var page = await visitor.GoToAsync("/login?t=wrong");
        await LookAsync(page, "login", page.GetByRole(AriaRole.Alert));
        await page.GotoAsync(new Uri(new Uri(dashboard.Address.Url), $"/login?t={dashboard.Host.Token}").ToString());

        await page.GetByLabel("Show the replicas of sample").ClickAsync();
        await LookAsync(page, "resources", page.GetByText("sample-2"));
        await page.Keyboard.PressAsync("?");
        await LookAsync(page, "keyboard", page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard" }));

        foreach (var (view, address, shows) in new[]
        {
            ("graph", "/resources/sample?view=graph", "ConnectionStrings__x"), ("console", "/console?text=listening", "Now listening on"),
            ("log", $"/logs?resource={_service}", "an order failed"), ("no logs", "/logs?text=nobody-writes-this", "No log fits"),
            ("traces", $"/traces?resource={_service}", "PUT /orders"), ("a trace", $"/traces/{trace}?span=00000000000000a2", "Nothing left"),
            ("no trace", $"/traces/{OtlpMessage.NewTraceId()}", "This trace is not here"),
            ("metric", $"/metrics?of={_service}&meter=Shop&name=orders&group=route", "/a"), ("metric as a table", $"/metrics?of={_service}&meter=Shop&name=orders&view=table", "Time"),
            ("search", $"/search?q={_service}", "All of them"), ("no page", "/nowhere", "There is no such page"),
        })
        {
            await page.GotoAsync(new Uri(new Uri(dashboard.Address.Url), address).ToString());
            if (view == "log")
                await page.GetByText(shows).First.ClickAsync();
            await LookAsync(page, view, page.Locator("main").GetByText(shows).Filter(new() { Visible = true }).First);
        }
    }

    private static async Task LookAsync(IPage page, string view, ILocator shows)
    {
        await Expect(shows).ToBeVisibleAsync();
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = theme });
            // Two frames later everything has its new colours.
            await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            await page.ShouldBeAccessibleAsync($"{view}, {theme}");
        }
    }

    /// <summary>One of everything that a page can show; the id of the trace.</summary>
    private async Task<string> SendAsync()
    {
        var (trace, request) = (OtlpMessage.NewTraceId(), Guid.NewGuid().ToString());
        await dashboard.SendAsync("traces", OtlpMessage.Export(
            _service, "Web",
            OtlpMessage.Span(trace, "00000000000000a1", "PUT /orders", 0, 20).AddAttributes(9, ("feedback.request.id", request)),
            OtlpMessage.Span(trace, "00000000000000a2", "reserve", 5, 18, parent: "00000000000000a1").AddAttributes(9, ("article", "4711"))
                .Add(15, new OtlpMessage().Add(2, "Nothing left").Add(3, 2))));
        await dashboard.SendAsync("logs", OtlpMessage.Export(
            _service, "Shop.Orders",
            OtlpMessage.Log("an order came", atMs: 1), OtlpMessage.Log("an order is late", severity: 13, atMs: 2),
            OtlpMessage.Log("an order failed", severity: 17, atMs: 10).Add(9, Convert.FromHexString(trace)).Add(10, Convert.FromHexString("00000000000000a2"))
                .AddAttributes(6, ("feedback.request.id", request), ("exception.type", "Shop.OutOfStock"), ("exception.stacktrace", "Shop.OutOfStock: Nothing left"))));
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;
        foreach (var (back, value) in new[] { (40L, 10L), (20L, 50L), (0L, 90L) })
        {
            var sum = new OtlpMessage().Add(2, 2).Add(3, 1);
            foreach (var route in new[] { "/a", "/b" })
                sum.Add(1, new OtlpMessage().AddFixed(2, now - 60_000_000_000).AddFixed(3, now - back * 1_000_000_000).AddFixed(6, value).AddAttributes(7, ("route", route)));
            await dashboard.SendAsync("metrics", OtlpMessage.Export(_service, "Shop", new OtlpMessage().Add(1, "orders").Add(7, sum)));
        }

        return trace;
    }
}
