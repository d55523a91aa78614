using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;

namespace AspireFeedback.Bench.Page;

/// <summary>One visit, until the page is connected and says so.</summary>
/// <param name="Bytes">As they came over the network, headers too; without the WebSocket.</param>
/// <param name="BytesBeforePaint">Those of them that came before something was to be seen.</param>
/// <param name="FirstPaint">Milliseconds from the navigation until something is to be seen.</param>
/// <param name="Heading">Until the page's own heading is there, and one can begin.</param>
/// <param name="Live">Until changes are pushed.</param>
internal sealed record PageLoad(double Bytes, double BytesBeforePaint, int Requests, double FirstPaint, double Heading, double Live)
{
    private const string Watch =
        """
        new MutationObserver((_, observer) => {
          if (window.headingAt === undefined && document.querySelector("h1")) window.headingAt = performance.now();
          if (!document.querySelector(".connection.is-live")) return;
          window.liveAt = performance.now();
          observer.disconnect();
        }).observe(document, { subtree: true, childList: true, attributes: true });
        """;

    public static async Task<PageLoad> MeasureAsync(IBrowser chromium, string address, bool isFirst)
    {
        await using var context = await chromium.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        if (!isFirst)
            await LoadAsync(context, address);
        return await LoadAsync(context, address);
    }

    private static async Task<PageLoad> LoadAsync(IBrowserContext context, string address)
    {
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync(Watch);
        var cdp = await context.NewCDPSessionAsync(page);
        var arrived = new List<(double At, double Bytes)>();
        var requests = 0;
        cdp.Event("Network.requestWillBeSent").OnEvent += (_, _) => requests++;
        cdp.Event("Network.loadingFinished").OnEvent += (_, e) =>
            arrived.Add((e!.Value.GetProperty("timestamp").GetDouble(), e.Value.GetProperty("encodedDataLength").GetDouble()));
        await cdp.SendAsync("Network.enable");
        await cdp.SendAsync("Performance.enable");
        await page.GotoAsync(address);
        await page.WaitForFunctionAsync("() => window.liveAt !== undefined");
        var times = await page.EvaluateAsync<JsonElement>(
            "() => ({ paint: performance.getEntriesByName('first-contentful-paint')[0].startTime, heading: window.headingAt, live: window.liveAt })");
        var metrics = (await cdp.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
            .ToDictionary(metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value").GetDouble());
        await page.CloseAsync();

        var paint = times.GetProperty("paint").GetDouble();
        // Both clocks are Chromium's monotonic one, in seconds.
        var painted = metrics["NavigationStart"] + (paint / 1000);
        Debug.Assert(arrived.Count > 0, "nothing was loaded");
        return new(arrived.Sum(x => x.Bytes), arrived.Where(x => x.At <= painted).Sum(x => x.Bytes), requests, paint, times.GetProperty("heading").GetDouble(), times.GetProperty("live").GetDouble());
    }
}
