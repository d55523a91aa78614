using AspireFeedback.LocalAspire.Dashboard.Http;
using AspireFeedback.LocalAspire.Dashboard.Queries;
using AspireFeedback.LocalAspire.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AspireFeedback.LocalAspire.Dashboard.Api;

internal sealed record LineDocument(long N, string Instance, DateTime At, string Text)
{
    public static LineDocument Of(ConsoleLine line) => new(line.N, line.Instance, line.At.UtcDateTime, line.Text);
}

/// <summary>What the processes have written; what they write from then on comes with the live stream.</summary>
internal sealed class ConsoleEndpoints(DashboardRun dashboard)
{
    private const int MaxLines = 10_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/console", LinesAsync);
        routes.MapGet("/api/console/download", DownloadAsync);
    }

    private async Task LinesAsync(HttpContext context)
    {
        var query = new Query(context.Request);
        var (console, resource, text) = ((await dashboard.FindAsync(query)).Console, query.Text("resource"), SearchText.Parse(query.Text("text")));
        var (after, limit) = (query.Long("after", -1, -1), query.Number("limit", 1_000, 1, MaxLines));
        var found = console.After(Math.Max(0, after), resource);
        var lines = (text.IsEmpty ? found : found.Where(text.IsIn)).ToList();
        // Without a number the last ones, otherwise the next ones.
        lines = after < 0 ? lines[Math.Max(0, lines.Count - limit)..] : lines[..Math.Min(limit, lines.Count)];
        var isAll = lines.Count < limit || after < 0;
        var next = isAll && found.Count > 0 ? found[^1].N : lines.Count > 0 ? lines[^1].N : Math.Max(0, after);
        await Json.WriteAsync(context, new { lines = lines.Select(LineDocument.Of), next, dropped = console.Dropped(resource) });
    }

    private async Task DownloadAsync(HttpContext context)
    {
        var query = new Query(context.Request);
        var run = await dashboard.FindAsync(query);
        var resource = query.Text("resource");
        Attachment.Begin(context, "text/plain; charset=utf-8", $"console-{resource ?? "all"}-{run.Info.Id}.txt");
        foreach (var line in run.Console.After(0, resource))
            await context.Response.WriteAsync($"{line.At:yyyy-MM-ddTHH:mm:ss.fffZ} {line.Instance} | {line.Text}\n", context.RequestAborted);
    }
}

internal static class Attachment
{
    public static void Begin(HttpContext context, string type, string fileName)
    {
        var safe = new string([.. fileName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')]);
        context.Response.ContentType = type;
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{safe}\"";
    }
}
