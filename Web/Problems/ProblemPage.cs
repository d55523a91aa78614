using System.Net;
using System.Security.Cryptography;
using System.Text;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web;

/// <param name="Status">Absent of what only stands in a request's document.</param>
internal sealed record ProblemView(string Type, string Title, int? Status, string Description);

/// <summary>The page that a problem's <c>type</c> leads to.</summary>
internal static class ProblemPage
{
    private const string Style = """
        :root { color-scheme: light dark; font: 1.05rem/1.6 system-ui, sans-serif; }
        body { max-width: 42rem; margin: 12vh auto; padding: 0 1.5rem; }
        h1 { font-size: 1.6rem; line-height: 1.25; text-wrap: balance; }
        code { font-family: ui-monospace, monospace; opacity: .75; }
        li { margin: .4rem 0; }
        """;

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static ProblemView View(string name) => View(ProblemCatalog.Find(name)!);

    public static IResult Show(string name, HttpContext context, KindCatalog kinds) => All(kinds).FirstOrDefault(type => type.Name == name) is not { } type
        ? Problems.Result("not-found")
        : Answer(context, View(type), type.Title, $"""
            <h1>{Text(type.Title)}</h1>
            <p>{Text(type.Description)}</p>
            <p>{Code(type)}</p>
            <p><a href="/problems">All problems</a></p>
            """);

    public static IResult List(HttpContext context, KindCatalog kinds) => Answer(context, All(kinds).Select(View).ToList(), "Problems", $"""
        <h1>Problems</h1>
        <ul>
        {string.Join('\n', All(kinds).Select(type => $"<li><a href=\"{type.Uri}\">{Text(type.Title)}</a> {Code(type)}</li>"))}
        </ul>
        """);

    private static IEnumerable<ProblemType> All(KindCatalog kinds) => ProblemCatalog.All.Concat(
        kinds.Problems.Select(problem => new ProblemType(problem.Name, null, problem.Title, problem.Description)));

    private static IResult Answer(HttpContext context, object json, string title, string body)
    {
        var headers = context.Response.Headers;
        headers.Vary = "Accept";
        headers.CacheControl = "public, max-age=3600";
        if (PrefersJson(context.Request))
            return TypedResults.Json(json, FeedbackJson.Options);
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        return TypedResults.Content($"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(title)}</title>
            <link rel="icon" type="image/svg+xml" href="/icon.svg">
            <style>{Style}</style>
            {body}
            </html>
            """, "text/html; charset=utf-8");
    }

    /// <summary>Browsers and bare tools get the page; who names JSON before HTML gets JSON.</summary>
    private static bool PrefersJson(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return QualityOf("json") > QualityOf("html");

        double QualityOf(string suffix) => accepted
            .Where(type => type.SubType.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            .Select(type => type.Quality ?? 1)
            .DefaultIfEmpty(0)
            .Max();
    }

    private static ProblemView View(ProblemType type) => new(type.Uri, type.Title, type.Status, type.Description);

    private static string Code(ProblemType type) => $"<code>{(type.Status is { } status ? $"{status} " : "")}{type.Name}</code>";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
