using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace AspireFeedback.Web;

/// <summary>The build of the page leaves a Brotli copy beside each file of text. Who takes that coding gets the copy: nothing is compressed while somebody waits.</summary>
internal sealed class Precompressed : IContentTypeProvider
{
    private const string Extension = ".br";
    private const string Coding = "br";

    private readonly FileExtensionContentTypeProvider _types = new();

    /// <summary>Goes before the static files, and after what gives directories their default file.</summary>
    public static Task Choose(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var files = context.RequestServices.GetRequiredService<IWebHostEnvironment>().WebRootFileProvider;
        if (context.GetEndpoint() is null && request.Path.HasValue && Takes(request) && files.GetFileInfo(request.Path.Value + Extension).Exists)
            request.Path += Extension;
        return next(context);
    }

    /// <summary>Says what the answer is in.</summary>
    public static void Describe(IHeaderDictionary headers, string file)
    {
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (file.EndsWith(Extension, StringComparison.Ordinal))
            headers.ContentEncoding = Coding;
    }

    public bool TryGetContentType(string subpath, [MaybeNullWhen(false)] out string contentType) =>
        _types.TryGetContentType(subpath.EndsWith(Extension, StringComparison.Ordinal) ? subpath[..^Extension.Length] : subpath, out contentType);

    private static bool Takes(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value.Equals(Coding, StringComparison.OrdinalIgnoreCase) && coding.Quality is not 0);
}
