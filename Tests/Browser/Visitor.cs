using System.Collections.Concurrent;
using Microsoft.Playwright;
using Shouldly;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Browser;

/// <summary>Somebody with a browser, and the windows they have open.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    /// <summary>Long, since several servers and this browser may share two cores.</summary>
    private const float PatienceMs = 60_000;

    private readonly IBrowserContext _context;
    private readonly Uri _web;
    private readonly ConcurrentQueue<string> _errors = [];

    public Visitor(IBrowserContext context, Uri web)
    {
        (_context, _web) = (context, web);
        SetDefaultExpectTimeout(PatienceMs);
        context.SetDefaultTimeout(PatienceMs);
    }

    public const string Locale = "en-GB";

    public IBrowserContext Context => _context;

    public static async Task<Visitor> ArriveAsync(IBrowser browser, Uri web)
    {
        var context = await browser.NewContextAsync(new() { Locale = Locale, ReducedMotion = ReducedMotion.Reduce });
        return new(context, web);
    }

    /// <summary>The same person on another device: the same identity, and nothing that the first browser has written down.</summary>
    public async Task<Visitor> OnAnotherDeviceAsync()
    {
        var other = await ArriveAsync(_context.Browser!, _web);
        await other._context.AddCookiesAsync((await _context.CookiesAsync()).Select(cookie =>
            new Cookie { Name = cookie.Name, Value = cookie.Value, Url = _web.ToString() }));
        return other;
    }

    public async Task<IPage> OpenAsync(string fragment = "")
    {
        var page = await GoToAsync("/" + fragment);
        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        return page;
    }

    public async Task<IPage> GoToAsync(string address)
    {
        var page = await _context.NewPageAsync();
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            // What a test cuts off shows here as well, and that nobody is signed in as an admin; what the page itself does wrong is the rest.
            var isAnswered = message.Location.EndsWith("/admin/session", StringComparison.Ordinal) || message.Location.Contains("/admin/session:", StringComparison.Ordinal);
            if (message.Type == "error" && !isAnswered && !message.Text.Contains("net::", StringComparison.Ordinal) && !message.Text.StartsWith("WebSocket", StringComparison.Ordinal))
                _errors.Enqueue(message.Text);
        };
        await page.GotoAsync(new Uri(_web, address).ToString());
        return page;
    }

    /// <summary>The page's own complaints, violations of its content security policy among them.</summary>
    public void ShouldHaveSeenNoErrors() => _errors.ShouldBeEmpty();

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
