using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using AspireFeedback.Bench.Load;
using AspireFeedback.Bench.Measuring;
using Microsoft.Playwright;

namespace AspireFeedback.Bench.Page;

/// <summary>What the main thread of the page does while many of its person's requests go on.</summary>
/// <param name="LongTasks">Above 50 ms, as the Long Tasks API counts them.</param>
/// <param name="BusyShare">Of a core, for tasks of any length.</param>
internal sealed record PageUpdates(double Seconds, int Pushes, int Frames, int LongTasks, double LongTaskMs, double LongestTask, double LongestFrame, double BusyShare)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    private const string Watch =
        """
        () => {
          const seen = window.watched = { tasks: [], frames: 0, longestFrame: 0 };
          new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
          let last = performance.now();
          const frame = (now) => {
            seen.frames++;
            seen.longestFrame = Math.max(seen.longestFrame, now - last);
            last = now;
            requestAnimationFrame(frame);
          };
          requestAnimationFrame(frame);
        }
        """;

    /// <param name="slowdown">How much slower than this machine the page runs.</param>
    public static async Task<PageUpdates> MeasureAsync(IBrowser chromium, SystemUnderLoad system, int requests, int slowdown, CancellationToken cancellationToken)
    {
        await using var context = await chromium.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout((float)s_limit.TotalMilliseconds);
        var cdp = await context.NewCDPSessionAsync(page);
        var pushes = 0;
        cdp.Event("Network.webSocketFrameReceived").OnEvent += (_, _) => pushes++;
        await cdp.SendAsync("Network.enable");
        // The thread's own time: while it waits for a core it is not busy.
        await cdp.SendAsync("Performance.enable", new() { ["timeDomain"] = "threadTicks" });
        await page.GotoAsync(system.Proxy);
        await page.Locator(".connection.is-live").WaitForAsync();
        var cookies = await context.CookiesAsync();
        var owner = new Owner(string.Join("; ", cookies.Select(cookie => $"{cookie.Name}={cookie.Value}")));
        await cdp.SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = slowdown });
        await page.EvaluateAsync(Watch);

        var busyBefore = await BusyAsync(cdp);
        var watch = Stopwatch.StartNew();
        await SubmitAsync(new(system.Replicas[0]), owner, requests, cancellationToken);
        await page.WaitForFunctionAsync(
            "count => document.querySelectorAll('.rows .tone-good').length === count", requests);
        var seconds = watch.Elapsed.TotalSeconds;
        var busy = await BusyAsync(cdp) - busyBefore;

        var seen = await page.EvaluateAsync<JsonElement>("() => window.watched");
        var tasks = seen.GetProperty("tasks").EnumerateArray().Select(task => task.GetDouble()).ToList();
        return new(seconds, pushes, seen.GetProperty("frames").GetInt32(), tasks.Count, tasks.Sum(), tasks.DefaultIfEmpty().Max(), seen.GetProperty("longestFrame").GetDouble(), busy / seconds);
    }

    /// <summary>Each reports twenty times in ten seconds.</summary>
    private static async Task SubmitAsync(Uri replica, Owner owner, int requests, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        await Parallel.ForEachAsync(Enumerable.Range(0, requests), new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken }, async (_, token) =>
        {
            using var content = JsonContent.Create(new { kind = "echo", payload = new { text = "update", delayMs = 10_000, steps = 20 } });
            using var message = new HttpRequestMessage(HttpMethod.Put, new Uri(replica, $"/requests/{Guid.CreateVersion7()}")) { Content = content };
            message.Headers.TryAddWithoutValidation("Cookie", owner.Cookie);
            using var answer = await http.SendAsync(message, token);
            answer.EnsureSuccessStatusCode();
        });
    }

    private static async Task<double> BusyAsync(ICDPSession cdp) => (await cdp.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
        .Single(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();
}
