using Microsoft.Net.Http.Headers;

namespace AspireFeedback.Web;

/// <summary>The pages at <c>/</c> and <c>/admin</c>, as files from wwwroot.</summary>
internal static class Page
{
    // Everything comes from here, nothing is inline; 'self' in connect-src covers the WebSocket of the same origin.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly PathString Admin = "/admin";

    // Plain files rather than MapStaticAssets: that one answers with empty bodies outside of Development unless the site is published.
    public static IApplicationBuilder UsePage(this IApplicationBuilder app) => app
        .Use(PageSettings.TellAsync)
        .Use(ShowAdmin)
        .UseDefaultFiles()
        .Use(Precompressed.Choose)
        .UseStaticFiles(new StaticFileOptions
        {
            ContentTypeProvider = new Precompressed(),
            OnPrepareResponse = file =>
            {
                var headers = file.Context.Response.Headers;
                headers.ContentSecurityPolicy = ContentSecurityPolicy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                Precompressed.Describe(headers, file.File.Name);
                // Names below /assets carry a hash of their content; everything else is asked for again and mostly answered with 304.
                headers[HeaderNames.CacheControl] = file.Context.Request.Path.StartsWithSegments("/assets")
                    ? "public, max-age=31536000, immutable"
                    : "no-cache";
            },
        });

    /// <summary>
    /// The admin page has nothing in it but a form for the key until somebody has signed in, so that everybody may have it. Only browsers ask for
    /// HTML; for scripts there is nothing at that address.
    /// </summary>
    private static Task ShowAdmin(HttpContext context, RequestDelegate next)
    {
        var isAdmin = context.Request.Path.StartsWithSegments(Admin, out var rest) && (!rest.HasValue || rest == "/");
        if (isAdmin && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            && context.Request.Headers.Accept.Any(value => value?.Contains("text/html", StringComparison.OrdinalIgnoreCase) is true))
        {
            // Files are served only where no endpoint has been chosen.
            context.SetEndpoint(null);
            context.Request.Path = "/admin.html";
        }

        return next(context);
    }
}
