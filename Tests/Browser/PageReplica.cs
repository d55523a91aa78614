using System.Runtime.CompilerServices;
using AspireFeedback.Tests.Admin;
using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web;
using AspireFeedback.Web.Log;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Playwright;
using Xunit;

namespace AspireFeedback.Tests.Browser;

/// <summary>A Web replica that serves both pages over a log that the tests write: they are the workers, and what they do is seen live.</summary>
internal static class PageReplica
{
    public static async Task<WebReplica> StartAsync(PostgresServer postgres, Dictionary<string, string?>? settings = null) => await AdminReplica.StartAsync(
        await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken),
        builder =>
        {
            builder.Environment.WebRootFileProvider = new PhysicalFileProvider(InRepository("Web", "wwwroot"));
            builder.Configuration.AddInMemoryCollection(settings ?? []);
        },
        app => app.UsePage());

    public static string InRepository(params string[] path) => Path.GetFullPath(Path.Combine([RepositoryRoot(), .. path]));

    /// <summary>Who the page's visitor is to the server.</summary>
    public static async Task<Guid> OwnerAsync(this IPage page) =>
        Guid.Parse(await page.EvaluateAsync<string>("async () => (await (await fetch('/me')).json()).id"));

    /// <summary>An attempt that runs, as far as the reports say.</summary>
    public static async Task<Guid> RunAsync(this WebReplica web, Guid id, params Contracts.RunReport[] reports)
    {
        var run = Guid.NewGuid();
        foreach (var report in reports.Prepend(Given.Started() with { Worker = "backend-1" }))
            await web.AppendAsync(id, Given.Report(run, report));
        return run;
    }

    public static Task<AppendResult> ReportAsync(this WebReplica web, Guid id, Guid run, Contracts.RunReport report) => web.AppendAsync(id, Given.Report(run, report));

    private static string RepositoryRoot([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..");
}
