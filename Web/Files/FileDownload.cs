using Microsoft.Net.Http.Headers;

namespace AspireFeedback.Web.Files;

/// <summary>A file as an answer: conditions, ranges and HEAD are the framework's, the refusal of a range is a problem like every other.</summary>
internal sealed class FileDownload(StoredFile file, Stream bytes) : IResult
{
    public static EntityTagHeaderValue TagOf(StoredFile file) => new($"\"{Convert.ToHexStringLower(file.Sha256.Span)}\"");

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, headers) = (httpContext.Response, httpContext.Response.Headers);
        headers.CacheControl = "private, no-cache";
        headers.Vary = "Cookie, Authorization";
        // Somebody's bytes under this application's origin: they are never to be run or shown as a page of it.
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        await TypedResults
            .Stream(bytes, file.MediaType, file.Name ?? file.Id.ToString(), file.CreatedAt, TagOf(file), enableRangeProcessing: true)
            .ExecuteAsync(httpContext);
        if (response is not { StatusCode: StatusCodes.Status416RangeNotSatisfiable, HasStarted: false })
            return;
        response.ContentLength = null;
        headers.ContentDisposition = default;
        await Problems.Result("range-not-satisfiable").ExecuteAsync(httpContext);
    }
}
