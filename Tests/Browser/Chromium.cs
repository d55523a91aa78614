using AspireFeedback.LocalAspire.Install;
using AspireFeedback.Tests.Browser;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace AspireFeedback.Tests.Browser;

/// <summary>The system's own Chromium, started by the first test that wants it; Playwright's download is never asked for.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Arguments =
        ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly SemaphoreSlim _gate = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A browser profile of its own: cookies, storage and windows that no other visitor has.</summary>
    internal async Task<Visitor> NewVisitorAsync(Uri web, CancellationToken cancellationToken)
    {
        var browser = await StartAsync(cancellationToken);
        return await Visitor.ArriveAsync(browser, web);
    }

    /// <summary>A browser of its own whose profile is kept in a directory: what is closed can be opened again.</summary>
    internal async Task<Visitor> OpenAgainAsync(string profile, Uri web, CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        return new(await _playwright!.Chromium.LaunchPersistentContextAsync(profile, new()
        {
            ExecutablePath = await SystemPackages.EnsureAsync("chromium", cancellationToken: cancellationToken),
            Args = Arguments,
            ChromiumSandbox = !Environment.IsPrivilegedProcess,
            Locale = Visitor.Locale,
            ReducedMotion = ReducedMotion.Reduce,
        }), web);
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private async Task<IBrowser> StartAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            return _browser ??= await _playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = await SystemPackages.EnsureAsync("chromium", cancellationToken: cancellationToken),
                Args = Arguments,
                // Chromium refuses its sandbox to root.
                ChromiumSandbox = !Environment.IsPrivilegedProcess,
            });
        }
        finally
        {
            _gate.Release();
        }
    }
}
