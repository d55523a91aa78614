using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace AspireFeedback.LocalAspire.Dashboard;

/// <summary>
/// The page, which is embedded in this assembly. Whatever address is nobody else's is one of the page's own, so that a link into it can be opened.
/// </summary>
internal sealed class PageFiles
{
    private const string Prefix = "dashboard/";
    private const string Index = "index.html";

    // Everything comes from here, nothing is inline; styles that the page computes are set by its script, which this does not forbid.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private readonly Dictionary<string, PageFile> _files;

    public PageFiles()
        : this(typeof(PageFiles).Assembly)
    {
    }

    internal PageFiles(Assembly assembly) => _files = assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToDictionary(name => name[Prefix.Length..], name => new PageFile(assembly, name), StringComparer.Ordinal);

    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapFallback("{*path}", context => ServeAsync(context, (string?)context.Request.RouteValues["path"] ?? "")).WithMetadata(this);

    private Task ServeAsync(HttpContext context, string path)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var isCall = path.StartsWith("api/", StringComparison.OrdinalIgnoreCase) || path.StartsWith("v1/", StringComparison.OrdinalIgnoreCase);
        var isAsset = path.StartsWith("assets/", StringComparison.Ordinal);
        if (!isRead || isCall || (isAsset && !_files.ContainsKey(path)))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        // Names below assets carry a hash of their content; everything else is asked for again and mostly answered with 304.
        headers.CacheControl = isAsset ? "private, max-age=31536000, immutable" : "no-cache";
        if (_files.TryGetValue(path, out var file) || _files.TryGetValue(Index, out file))
            return Results.Bytes(file.Bytes, file.ContentType, entityTag: file.Tag).ExecuteAsync(context);

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("The page of the dashboard was left out of this build. Build without -p:BuildPage=false.", context.RequestAborted);
    }

    private sealed class PageFile(Assembly assembly, string name)
    {
        // Read when it is first asked for: a start waits for nothing here.
        private readonly Lazy<byte[]> _bytes = new(() => Read(assembly, name));
        private EntityTagHeaderValue? _tag;

        public byte[] Bytes => _bytes.Value;

        public EntityTagHeaderValue Tag => _tag ??= new($"\"{Convert.ToHexStringLower(SHA256.HashData(Bytes).AsSpan(0, 12))}\"");

        public string ContentType => Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".woff2" => "font/woff2",
            _ => "application/octet-stream",
        };

        private static byte[] Read(Assembly assembly, string name)
        {
            using var content = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[content.Length];
            content.ReadExactly(bytes);
            return bytes;
        }
    }
}
