using System.Diagnostics;
using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web;

/// <summary>Writes every problem, whatever the client says that it accepts: somebody who asked for an event stream gets told too why there is none.</summary>
internal sealed class ProblemWriter(FeedbackReach reach) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => reach.Covers(context.HttpContext) || TypeOf(context.ProblemDetails.Type) is not null;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var (http, details) = (context.HttpContext, context.ProblemDetails);
        if (Activity.Current is { } activity)
            details.Extensions.TryAdd("traceId", activity.TraceId.ToHexString());
        http.Response.StatusCode = details.Status ?? http.Response.StatusCode;
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        if (headers.RetryAfter.Count == 0 && TypeOf(details.Type)?.RetryAfter is { } seconds)
            headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (http.Response.StatusCode == StatusCodes.Status401Unauthorized && headers.WWWAuthenticate.Count == 0)
            headers.WWWAuthenticate = "Bearer";
        return new(http.Response.WriteAsJsonAsync(details, JsonOptions, "application/problem+json", http.RequestAborted));
    }

    private static JsonSerializerOptions JsonOptions => FeedbackJson.Options;

    private static ProblemType? TypeOf(string? uri) => uri?.StartsWith("/problems/", StringComparison.Ordinal) is true
        ? ProblemCatalog.Find(uri["/problems/".Length..])
        : null;
}
