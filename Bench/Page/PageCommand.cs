using System.CommandLine;
using AspireFeedback.Bench.Measuring;
using AspireFeedback.Bench.Reporting;
using AspireFeedback.LocalAspire.Install;
using Microsoft.Playwright;

namespace AspireFeedback.Bench.Page;

/// <summary><c>page</c>: what the page costs a browser, measured by Chromium itself.</summary>
internal static class PageCommand
{
    private static readonly Option<int> s_requests = new("--requests") { Description = "How many update at the same time.", DefaultValueFactory = _ => 500 };
    private static readonly Option<int> s_loads = new("--loads") { Description = "First visits, of which the median counts.", DefaultValueFactory = _ => 7 };

    public static Command Create()
    {
        var command = new Command("page", "The page in Chromium: bytes and time until it is live, and long tasks while many requests update.") { s_requests, s_loads };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(s_requests), Math.Max(1, parsed.GetValue(s_loads)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int requests, int loads, CancellationToken cancellationToken)
    {
        Console.WriteLine("Starting the system with fresh data …");
        await using var system = await SystemUnderLoad.StartAsync(cancellationToken);
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = await SystemPackages.EnsureAsync("chromium", cancellationToken: cancellationToken),
            Args = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            // Chromium refuses its sandbox to root.
            ChromiumSandbox = !Environment.IsPrivilegedProcess,
        });
        await PrintLoadsAsync(chromium, system.Proxy, loads, cancellationToken);
        await PrintUpdatesAsync(chromium, system, requests, cancellationToken);
        return 0;
    }

    private static async Task PrintLoadsAsync(IBrowser chromium, string address, int loads, CancellationToken cancellationToken)
    {
        var table = new Table("", "kB over the network", "before the first paint", "requests", "first paint ms", "heading ms", "live ms");
        foreach (var (name, isFirst) in ((string, bool)[])[("first visit", true), ("second visit", false)])
        {
            // The first one of all is the server's, which has not served a file yet.
            await PageLoad.MeasureAsync(chromium, address, isFirst);
            var measured = new List<PageLoad>();
            for (var n = 0; n < loads; n++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                measured.Add(await PageLoad.MeasureAsync(chromium, address, isFirst));
            }

            string Median(Func<PageLoad, double> of, string format) => measured.Select(of).Median().ToString(format, System.Globalization.CultureInfo.InvariantCulture);
            table.Add(name, Median(x => x.Bytes / 1e3, "F0"), Median(x => x.BytesBeforePaint / 1e3, "F0"), Median(x => x.Requests, "F0"), Median(x => x.FirstPaint, "F0"), Median(x => x.Heading, "F0"), Median(x => x.Live, "F0"));
        }

        table.Print(Console.Out, $"until the page is live; median of {loads}");
    }

    private static async Task PrintUpdatesAsync(IBrowser chromium, SystemUnderLoad system, int requests, CancellationToken cancellationToken)
    {
        var table = new Table("", "seconds", "pushes", "frames/s", "long tasks", "their ms", "longest ms", "longest frame ms", "busy");
        foreach (var isThrottled in (bool[])[false, true])
        {
            var updates = await PageUpdates.MeasureAsync(chromium, system, requests, isThrottled ? 4 : 1, cancellationToken);
            FormattableString[] cells = [$"{updates.Seconds:F1}", $"{updates.Pushes}", $"{updates.Frames / updates.Seconds:F0}", $"{updates.LongTasks}", $"{updates.LongTaskMs:F0}", $"{updates.LongestTask:F0}", $"{updates.LongestFrame:F0}", $"{updates.BusyShare:P0}"];
            table.Add(cells.Select(cell => FormattableString.Invariant(cell)).Prepend(isThrottled ? "at a quarter of the speed" : "as it is"));
        }

        table.Print(Console.Out, $"while {requests} requests update in the list; a long task is one above 50 ms");
    }
}
