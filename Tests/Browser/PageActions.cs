using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Browser;

/// <summary>What people do on the page, in the words of the page.</summary>
internal static class PageActions
{
    /// <summary>What stands at a request that nobody works on yet: its place in the line, once that is counted.</summary>
    public static readonly Regex Waiting = new("Waiting for a free worker|in line");

    public static Task StartAnewAsync(this IPage page) => page.GetByRole(AriaRole.Link, new() { Name = "New", Exact = true }).ClickAsync();

    public static async Task TakeSampleAsync(this IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Try the sample" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "bike-rides.csv" })).ToBeVisibleAsync();
    }

    /// <summary>Drops a file onto the window, as a file manager would.</summary>
    public static Task DropFileAsync(this IPage page, string name, string text, int repeat = 1) => page.EvaluateAsync(
        """
        ([name, text, repeat]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text.repeat(repeat)], name, { type: "text/csv" }));
          for (const type of ["dragenter", "dragover", "drop"])
            document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
        }
        """,
        new object[] { name, text, repeat });

    public static async Task SendEchoAsync(this IPage page, string text, string takes = "no time", string failsFirst = "never")
    {
        await page.GetByText("No file at hand?").ClickAsync();
        await page.GetByLabel("Text").FillAsync(text);
        await page.GetByLabel("Takes").SelectOptionAsync(new SelectOptionValue { Label = takes });
        await page.GetByLabel("Fails first").SelectOptionAsync(new SelectOptionValue { Label = failsFirst });
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"Echo: {text}" })).ToBeVisibleAsync();
    }

    public static Task PressAsync(this IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    /// <summary>What the page says about the request it shows.</summary>
    public static ILocator Status(this IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "Status" });

    public static ILocator Profile(this IPage page) => page.GetByRole(AriaRole.Table, new() { Name = "Profile" });

    /// <summary>The list of requests, newest first.</summary>
    public static ILocator Entries(this IPage page) => page.GetByRole(AriaRole.Navigation, new() { Name = "Your requests" }).GetByRole(AriaRole.Listitem);

    public static ILocator Newest(this IPage page) => page.Entries().First;

    public static Guid RequestId(this IPage page) => Guid.Parse(new Uri(page.Url).Fragment.TrimStart('#'));

    /// <summary>Types of the events of the request that the page shows, as the server tells them to this visitor.</summary>
    public static async Task<string[]> EventTypesAsync(this IPage page) => await page.EvaluateAsync<string[]>(
        "async id => (await (await fetch(`/requests/${id}/events?after=0`)).json()).events.map(event => event.type)", page.RequestId().ToString());
}
