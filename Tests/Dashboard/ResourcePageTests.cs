using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using AspireFeedback.Tests.Browser;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Dashboard;

/// <summary>Resources and console in a real browser, over a run of two replicas.</summary>
[Collection(SampleDashboardTests.Name)]
public sealed class ResourcePageTests(SampleDashboard dashboard, Chromium chromium)
{
    [Fact]
    public async Task Replicas_are_one_row_that_opens_and_a_restart_is_busy_until_it_is_done()
    {
        await using var window = await DashboardWindow.OpenAsync(chromium, dashboard.Host);
        var page = window.Page;
        var before = dashboard.App.ApplicationRun.Notifications.All.Single(e => e.ResourceId == "sample-1").Snapshot.ProcessId;

        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "sample" }).First).ToContainTextAsync("× 2");
        await window.Button("Show the replicas of sample").ClickAsync();
        var replica = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "sample-1" });
        await Expect(replica).ToContainTextAsync($"process {before}");
        await window.Button("Restart sample-1").ClickAsync();
        await Expect(replica).ToContainTextAsync("Restarting…");
        await Expect(window.Button("Restart sample-1")).ToBeVisibleAsync();

        var after = dashboard.App.ApplicationRun.Notifications.All.Single(e => e.ResourceId == "sample-1").Snapshot;
        (after.IsHealthy, after.ProcessId == before).ShouldBe((true, false));
        await Expect(replica).ToContainTextAsync($"process {after.ProcessId}");
        await window.ShouldFitAsync();
        window.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task A_secret_is_shown_only_when_it_is_asked_for_and_the_address_is_kept_on_a_reload()
    {
        await using var window = await DashboardWindow.OpenAsync(chromium, dashboard.Host, "/resources/sample");
        var environment = window.Details;

        await Expect(environment).ToContainTextAsync("PLAIN");
        await Expect(environment).ToContainTextAsync("OTEL_EXPORTER_OTLP_HEADERS");
        await Expect(environment).Not.ToContainTextAsync(dashboard.Address.OtlpApiKey);
        await Expect(environment).Not.ToContainTextAsync("hush");
        await window.Button("Show ConnectionStrings__x").ClickAsync();
        await Expect(environment).ToContainTextAsync("Host=h;Password=hush");
        await Expect(environment).Not.ToContainTextAsync("t0p");
        await window.Page.ReloadAsync();
        await Expect(environment).ToContainTextAsync("PLAIN");
        await Expect(environment).Not.ToContainTextAsync("hush");
        window.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task The_graph_shows_what_refers_to_what_and_leads_to_the_details()
    {
        await using var window = await DashboardWindow.OpenAsync(chromium, dashboard.Host);
        await window.Button("Graph").ClickAsync();
        await Expect(window.Page.Locator(".edge title").Filter(new() { HasText = "second refers to sample" })).ToHaveCountAsync(1);
        await window.Page.Locator("a.node").Filter(new() { HasText = "second" }).ClickAsync();
        await Expect(window.Details).ToContainTextAsync("Refers to");
        await Expect(window.Page).ToHaveURLAsync(new Regex(@"/resources/second\?view=graph$"));
        await window.Page.Keyboard.PressAsync("Escape");
        await Expect(window.Details).ToHaveCountAsync(0);
        await window.Page.GoBackAsync();
        await Expect(window.Details).ToBeVisibleAsync();
        window.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task The_console_begins_with_what_was_before_follows_is_filtered_and_pauses()
    {
        await using var window = await DashboardWindow.OpenAsync(chromium, dashboard.Host, "/console/second");
        var output = window.Page.GetByRole(AriaRole.Log, new() { Name = "Console output" });
        await window.Page.GetByLabel("Text in the console").FillAsync("listening NOW");
        await Expect(output).ToContainTextAsync("Now listening on");
        await Expect(output.Locator("mark").First).ToBeVisibleAsync();

        await window.Button("Pause").ClickAsync();
        // Another test may have restarted it before.
        var starts = await output.GetByText("Now listening on").CountAsync();
        await dashboard.StatusAsync(HttpMethod.Post, "/api/resources/second/commands/restart");
        await Expect(window.Page.GetByText(new Regex("Go on, .* new"))).ToBeVisibleAsync();
        await Expect(output.GetByText("Now listening on")).ToHaveCountAsync(starts);
        await window.Page.GetByText(new Regex("Go on, .* new")).ClickAsync();
        await Expect(output.GetByText("Now listening on")).ToHaveCountAsync(starts + 1);
        window.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task When_the_AppHost_has_stopped_the_page_says_so_and_keeps_what_it_showed()
    {
        var builder = DistributedApplicationTestingBuilder.Create("--Dashboard:Enabled=true");
        builder.AddParameter("some-parameter", secret: true);
        var app = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
        await using var window = await DashboardWindow.OpenAsync(chromium, (await app.ApplicationRun.DashboardStarted).Host!);
        await Expect(window.Link("some-parameter")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();

        await app.DisposeAsync();

        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The AppHost has stopped; what it showed last is below.");
        await Expect(window.Link("some-parameter")).ToBeVisibleAsync();
        // A page that was never opened cannot come any more: the rest stays.
        await window.Link("Traces").ClickAsync();
        await Expect(window.Page.GetByText("This page could not be loaded")).ToBeVisibleAsync();
        await window.Link("Resources").ClickAsync();
        await Expect(window.Link("some-parameter")).ToBeVisibleAsync();
        await window.ShouldFitAsync();
    }
}
