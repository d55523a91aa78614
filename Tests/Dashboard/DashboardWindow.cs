using AspireFeedback.LocalAspire.Dashboard;
using AspireFeedback.Tests.Browser;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

/// <summary>Somebody who has opened the dashboard with the link from the terminal.</summary>
internal sealed class DashboardWindow : IAsyncDisposable
{
    private readonly Visitor _visitor;

    private DashboardWindow(Visitor visitor, IPage page) => (_visitor, Page) = (visitor, page);

    public IPage Page { get; }

    public static async Task<DashboardWindow> OpenAsync(Chromium chromium, DashboardHost dashboard, string address = "/")
    {
        var visitor = await chromium.NewVisitorAsync(new Uri(dashboard.Address.Url), TestContext.Current.CancellationToken);
        return new(visitor, await visitor.GoToAsync($"/login?t={dashboard.Token}&returnUrl={Uri.EscapeDataString(address)}"));
    }

    public Task GoToAsync(string address) => Page.GotoAsync(new Uri(new Uri(Page.Url), address).ToString());

    public ILocator Link(string name, bool exact = true) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = exact });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Rows(string list) => Page.GetByRole(AriaRole.List, new() { Name = list, Exact = true }).Locator("li[data-row]");

    public ILocator Details => Page.GetByRole(AriaRole.Complementary, new() { Name = "Details" });

    /// <summary>Nothing sticks out to the side on a phone.</summary>
    public async Task ShouldFitAsync()
    {
        await Page.SetViewportSizeAsync(390, 800);
        (await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth")).ShouldBe(0);
    }

    public void ShouldHaveSeenNoErrors() => _visitor.ShouldHaveSeenNoErrors();

    public ValueTask DisposeAsync() => _visitor.DisposeAsync();
}
