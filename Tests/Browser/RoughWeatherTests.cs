using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Testing;
using AspireFeedback.Tests.EndToEnd;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Browser;

/// <summary>What the page says and does while something between it and the work is slow, away, or just too late.</summary>
[Collection(SystemTests.Name)]
public sealed class RoughWeatherTests(RunningSystem system, Chromium chromium)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_redis_is_away_every_window_still_learns_of_everything()
    {
        await using var visitor = await NewVisitorAsync();
        var first = await visitor.OpenAsync();
        var second = await visitor.OpenAsync();
        var redis = system.App.Server("redis");
        await redis.KillAsync(Cancellation);
        try
        {
            await first.SendEchoAsync("without Redis", takes: "5 seconds");
            await Expect(second.Newest()).ToContainTextAsync("Echo: without Redis");
            await Expect(second.Newest()).ToContainTextAsync("%");
            await Expect(first.Status()).ToContainTextAsync("Done in");
            await Expect(second.Newest()).ToContainTextAsync("Done in");
        }
        finally
        {
            await redis.StartAsync(Cancellation);
        }

        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task Over_a_slow_network_the_upload_shows_how_far_it_is_and_the_answer_comes()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        var cdp = await visitor.Context.NewCDPSessionAsync(page);
        await cdp.SendAsync("Network.enable");
        await cdp.SendAsync("Network.emulateNetworkConditions", new()
        {
            ["offline"] = false, ["latency"] = 300, ["downloadThroughput"] = 50_000, ["uploadThroughput"] = 20_000,
        });
        await page.EvaluateAsync("""
            () => {
              const seen = window.seen = new Set();
              new MutationObserver(() => seen.add(document.querySelector("main .headline")?.textContent)).observe(document.body, { subtree: true, childList: true, characterData: true });
            }
            """);

        await page.DropFileAsync("slow.csv", "number\n" + string.Concat(Enumerable.Range(0, 12_000).Select(n => $"{n}\n")));

        await Expect(page.GetByText("12,000 rows · 1 column")).ToBeVisibleAsync();
        var seen = await page.EvaluateAsync<string[]>("[...window.seen].filter(Boolean)");
        // Several steps of it, neither only the start nor only the end.
        seen.Count(line => line.StartsWith("Uploading: ", StringComparison.Ordinal)).ShouldBeGreaterThan(1, string.Join(" | ", seen));
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task Without_a_network_the_page_says_so_and_comes_back_to_what_ran_meanwhile()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        await page.SendEchoAsync("meanwhile", takes: "5 seconds");
        await Expect(page.Status()).ToContainTextAsync("%");

        await visitor.Context.SetOfflineAsync(true);
        await Expect(page.GetByText("You are offline.")).ToBeVisibleAsync();
        await Expect(page.GetByText("Offline", new() { Exact = true })).ToBeVisibleAsync();
        await visitor.Context.SetOfflineAsync(false);

        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByText("You are offline.")).ToHaveCountAsync(0);
        await Expect(page.Status()).ToContainTextAsync("Done in");
    }

    [Fact]
    public async Task Who_cancels_at_the_last_moment_gets_one_end_the_same_here_and_there()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        // As early and as late as a person cannot; but what has not been sent would be gone without a trace.
        await page.EvaluateAsync("""
            () => setInterval(() => {
              const button = [...document.querySelectorAll("main .actions button:enabled")].find((candidate) => candidate.textContent === "Cancel");
              const isSent = !document.querySelector("main .headline")?.textContent.startsWith("Sending");
              if (button && isSent && Math.random() < 0.3) button.click();
            }, 5)
            """);
        for (var n = 0; n < 6; n++)
        {
            await page.SendEchoAsync($"race {n}");
            await Expect(page.Status()).ToContainTextAsync(new System.Text.RegularExpressions.Regex("Done in|Canceled"));
            var types = await page.EventTypesAsync();
            types.Count(type => type is "request-succeeded" or "request-canceled" or "request-failed").ShouldBe(1);
            await Expect(page.Status()).ToContainTextAsync(types.Contains("request-succeeded") ? "Done in" : "Canceled");
            await page.StartAnewAsync();
        }

        await Expect(page.GetByRole(AriaRole.Alert)).ToBeEmptyAsync();
    }

    private async Task<Visitor> NewVisitorAsync() => await chromium.NewVisitorAsync((await system.StartAsync(Cancellation)).GetEndpoint("web"), Cancellation);
}
