using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Browser;

[Collection(SystemTests.Name)]
public sealed partial class PageTests(RunningSystem system, Chromium chromium)
{
    [Fact]
    public async Task The_sample_goes_in_and_its_profile_comes_back()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();

        await page.TakeSampleAsync();

        await Expect(page.Status()).ToContainTextAsync("Done in");
        await Expect(page.GetByText("200 rows · 10 columns")).ToBeVisibleAsync();
        (await page.Profile().GetByRole(Microsoft.Playwright.AriaRole.Row).CountAsync()).ShouldBe(11);
        await Expect(page.Newest()).ToContainTextAsync("bike-rides.csv");
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task A_dropped_file_is_profiled()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();

        await page.DropFileAsync("cities.csv", "city;people\nBern;134794\nBasel;173863\nZug;\n");

        await Expect(page.GetByText("3 rows · 2 columns")).ToBeVisibleAsync();
        await Expect(page.Profile()).ToContainTextAsync("134,794");
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task A_reload_in_the_middle_goes_on_where_it_was()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        await page.SendEchoAsync("still there", takes: "5 seconds");
        await Expect(page.Status()).ToContainTextAsync(Percent());
        var id = page.RequestId();

        await page.ReloadAsync();

        await Expect(page.Status()).ToContainTextAsync("Done in");
        page.RequestId().ShouldBe(id);
        (await page.EventTypesAsync()).Count(type => type == "attempt-started").ShouldBe(1);
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task A_request_that_never_left_is_sent_after_a_reload()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        await page.RouteAsync("**/requests/*", route => route.Request.Method == "PUT" ? route.AbortAsync() : route.ContinueAsync());
        await page.TakeSampleAsync();
        await Expect(page.Status()).ToContainTextAsync("Not sent yet");
        var id = page.RequestId();

        await page.UnrouteAllAsync();
        await page.ReloadAsync();

        await Expect(page.Profile()).ToBeVisibleAsync();
        page.RequestId().ShouldBe(id);
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task A_request_whose_answer_was_lost_is_found_after_a_reload_and_runs_once()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        await page.RouteAsync("**/requests/*", async route =>
        {
            if (route.Request.Method == "PUT")
            {
                await route.FetchAsync();
                await route.AbortAsync();
            }
            else
                await route.ContinueAsync();
        });
        await page.SendEchoAsync("lost answer");
        var id = page.RequestId();

        await page.ReloadAsync();
        await page.UnrouteAllAsync();

        await Expect(page.Status()).ToContainTextAsync("Done in");
        page.RequestId().ShouldBe(id);
        (await page.EventTypesAsync()).Count(type => type is "request-accepted" or "attempt-started").ShouldBe(2);
    }

    [Fact]
    public async Task A_reload_during_the_upload_goes_on_with_the_file()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        await page.RouteAsync("**/files/*", route => route.AbortAsync());
        await page.TakeSampleAsync();
        await Expect(page.Status()).ToContainTextAsync("Not sent yet");

        await page.UnrouteAllAsync();
        await page.ReloadAsync();

        await Expect(page.Profile()).ToBeVisibleAsync();
    }

    private async Task<Visitor> NewVisitorAsync()
    {
        var app = await system.StartAsync(TestContext.Current.CancellationToken);
        return await chromium.NewVisitorAsync(app.GetEndpoint("web"), TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"\d+%")]
    private static partial Regex Percent();
}
