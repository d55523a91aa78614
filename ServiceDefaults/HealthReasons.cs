using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireFeedback.ServiceDefaults;

/// <summary>The status as ASP.NET Core writes it, and a line for each check that is not healthy: its name and what it said.</summary>
internal static class HealthReasons
{
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var text = new StringBuilder(report.Status.ToString());
        foreach (var (name, entry) in report.Entries.Where(check => check.Value.Status != HealthStatus.Healthy))
            text.Append('\n').Append(name).Append(": ").Append(entry.Description ?? entry.Exception?.Message ?? entry.Status.ToString());
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }
}
