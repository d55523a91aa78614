using Microsoft.Net.Http.Headers;

namespace AspireFeedback.Web;

/// <summary>The page at <c>/</c>, as files from wwwroot.</summary>
internal static class Page
{
    // Everything comes from here, nothing is inline; 'self' in connect-src covers the WebSocket of the same origin.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // Plain files rather than MapStaticAssets: that one answers with empty bodies outside of Development unless the site is published.
    public static IApplicationBuilder UsePage(this IApplicationBuilder app) => app
        .UseDefaultFiles()
        .UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file =>
            {
                var headers = file.Context.Response.Headers;
                headers.ContentSecurityPolicy = ContentSecurityPolicy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                // Names below /assets carry a hash of their content; everything else is asked for again and mostly answered with 304.
                headers[HeaderNames.CacheControl] = file.Context.Request.Path.StartsWithSegments("/assets")
                    ? "public, max-age=31536000, immutable"
                    : "no-cache";
            },
        });
}
