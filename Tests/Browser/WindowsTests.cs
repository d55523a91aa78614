using Aspire.Hosting.Testing;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Browser;

/// <summary>Windows that are closed, or crash, while others stay; and all of them closed.</summary>
[Collection(SystemTests.Name)]
public sealed class WindowsTests(RunningSystem system, Chromium chromium)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_closes_the_browser_and_comes_back_finds_what_ran_and_what_had_not_been_sent()
    {
        var web = (await system.StartAsync(Cancellation)).GetEndpoint("web");
        var profile = Directory.CreateTempSubdirectory("browser-").FullName;
        try
        {
            Guid running, unsent;
            await using (var visitor = await chromium.OpenAgainAsync(profile, web, Cancellation))
            {
                var page = await visitor.OpenAsync();
                await page.SendEchoAsync("goes on", takes: "5 seconds");
                await Expect(page.Status()).ToContainTextAsync("%");
                running = page.RequestId();
                await page.RouteAsync("**/requests/*", route => route.Request.Method == "PUT" ? route.AbortAsync() : route.ContinueAsync());
                await page.StartAnewAsync();
                await page.SendEchoAsync("never left");
                await Expect(page.Status()).ToContainTextAsync("Not sent yet");
                unsent = page.RequestId();
            }

            await using (var visitor = await chromium.OpenAgainAsync(profile, web, Cancellation))
            {
                var page = await visitor.OpenAsync($"#{running}");
                await Expect(page.Status()).ToContainTextAsync("Done in");
                (await page.EventTypesAsync()).Count(type => type == "attempt-started").ShouldBe(1);
                await page.Newest().ClickAsync();
                page.RequestId().ShouldBe(unsent);
                await Expect(page.Status()).ToContainTextAsync("Done in");
            }
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }

    [Fact]
    public async Task A_window_that_crashes_while_it_sends_is_replaced_by_another_which_stays_live()
    {
        await using var visitor = await NewVisitorAsync();
        var first = await visitor.OpenAsync();
        // Opened second: a connection or a lock that only one window has is the first one's.
        var second = await visitor.OpenAsync();
        await first.RouteAsync("**/requests/*", route => route.Request.Method == "PUT" ? route.AbortAsync() : route.ContinueAsync());
        await first.SendEchoAsync("from one to the other");
        await Expect(second.Newest()).ToContainTextAsync("Another window is sending this");
        var id = first.RequestId();
        var crashed = new TaskCompletionSource();
        first.Crash += (_, _) => crashed.TrySetResult();

        var cdp = await visitor.Context.NewCDPSessionAsync(first);
        // It answers nobody any more, this call included.
        _ = cdp.SendAsync("Page.crash");
        await crashed.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        await Expect(second.Newest()).ToContainTextAsync("Done in");
        await second.Newest().ClickAsync();
        second.RequestId().ShouldBe(id);
        (await second.EventTypesAsync()).Count(type => type is "request-accepted" or "attempt-started").ShouldBe(2);
        await second.StartAnewAsync();
        await second.SendEchoAsync("afterwards", takes: "5 seconds");
        await Expect(second.Status()).ToContainTextAsync("%");
        await Expect(second.Status()).ToContainTextAsync("Done in");
    }

    private async Task<Visitor> NewVisitorAsync() => await chromium.NewVisitorAsync((await system.StartAsync(Cancellation)).GetEndpoint("web"), Cancellation);
}
