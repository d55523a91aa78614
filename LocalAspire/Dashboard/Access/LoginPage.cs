using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AspireFeedback.LocalAspire.Dashboard.Access;

/// <summary><c>/login?t=…</c>, as the terminal shows it, and a page for somebody who came without the token.</summary>
internal sealed class LoginPage(BrowserAccess access)
{
    public const string Path = "/login";

    // The page's own, and nothing that is worth a login.
    private const string Icon = "/icon.svg";

    public static bool IsForEverybody(PathString path) => path == Path || path == Icon;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, context => LoginAsync(context, context.Request.Query["t"]));
        routes.MapPost(Path, async context => await LoginAsync(
            context, context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(context.RequestAborted))["t"].ToString().Trim() : null));
    }

    private Task LoginAsync(HttpContext context, string? token)
    {
        var returnUrl = Local(context.Request.Query["returnUrl"]);
        if (access.IsToken(token))
        {
            access.Remember(context.Response);
            context.Response.Redirect(returnUrl);
            return Task.CompletedTask;
        }

        context.Response.StatusCode = string.IsNullOrEmpty(token) ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; frame-ancestors 'none'";
        return context.Response.WriteAsync(Html(returnUrl, isWrong: !string.IsNullOrEmpty(token)));
    }

    // Only a path of this server: "//elsewhere" and "/\elsewhere" are other hosts to a browser.
    internal static string Local(string? url) =>
        url is ['/', ..] && (url.Length == 1 || url[1] is not ('/' or '\\')) && !url.Any(char.IsControl) ? url : "/";

    private static string Html(string returnUrl, bool isWrong) =>
        $$"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Log in to the dashboard</title>
        <link rel="icon" type="image/svg+xml" href="{{Icon}}">
        <style>
          :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#f6f5f1, #14181a); color: light-dark(#1c2123, #edf0ee); }
          body { max-width: 26rem; margin: 15vh auto 0; padding: 0 1.5rem; }
          h1 { margin: .6rem 0; font-size: 1.4rem; letter-spacing: -.01em; }
          label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
          input, button { margin: .4rem 0 1rem; padding: .6rem .8rem; border-radius: .5rem; border: 1px solid light-dark(#c9c5b8, #445053); background: light-dark(#fffefb, #1b2123); color: inherit; }
          :focus-visible { outline: 2px solid light-dark(#0d6b66, #58c9bd); outline-offset: 1px; }
          button { border-color: transparent; background: light-dark(#0d6b66, #58c9bd); color: light-dark(#fff, #06201e); font-weight: 600; cursor: pointer; }
          [role=alert] { color: light-dark(#ab2f25, #f59486); }
        </style>
        <main>
        <img src="{{Icon}}" width="40" height="40" alt="">
        <h1>Log in to the dashboard</h1>
        <p>The terminal in which the AppHost runs shows a link that opens it, and in that link stands the token.</p>
        {{(isWrong ? "<p role=\"alert\">That is not the token of this run.</p>" : "")}}
        <form method="post" action="{{Path}}?returnUrl={{WebUtility.HtmlEncode(Uri.EscapeDataString(returnUrl))}}">
          <label for="t">Token</label>
          <input id="t" name="t" type="password" autocomplete="off" required autofocus>
          <button>Log in</button>
        </form>
        </main>
        </html>
        """;
}
