using AspireFeedback.Web.Admin;
using AspireFeedback.Web.Files;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web;

/// <summary><c>GET /page.json</c>: what the page has to know of its server, and cannot see from the requests.</summary>
/// <param name="MaxFileBytes">The largest file, so that nobody uploads a larger one in vain.</param>
/// <param name="TraceUrl">A trace id appended to it leads to the trace. Absent where owners may not look at traces.</param>
internal sealed record PageSettings(long MaxFileBytes, string? TraceUrl)
{
    public static readonly PathString Path = "/page.json";

    public static async Task TellAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path != Path || !HttpMethods.IsGet(context.Request.Method))
        {
            await next(context);
            return;
        }

        var services = context.RequestServices;
        var settings = new PageSettings(
            services.GetRequiredService<IOptions<FilesOptions>>().Value.MaxBytes,
            services.GetRequiredService<IOptions<DashboardOptions>>().Value.OwnersTraceUrl);
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.WriteAsJsonAsync(settings, Contracts.FeedbackJson.Options, context.RequestAborted);
    }
}
