using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireFeedback.LocalAspire.Dashboard.Http;

/// <summary>An error as RFC 9457 describes it.</summary>
internal static class Problem
{
    public static Task WriteAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        var problem = new Dictionary<string, object> { ["title"] = ReasonPhrases.GetReasonPhrase(status), ["status"] = status, ["detail"] = detail };
        return context.Response.WriteAsync(JsonSerializer.Serialize(problem));
    }
}

/// <summary>What was asked for is not there or makes no sense, and the message says why.</summary>
internal sealed class RefusedException(int status, string detail) : Exception(detail)
{
    public int Status => status;

    public static RefusedException NotFound(string what) => new(StatusCodes.Status404NotFound, what);

    public static RefusedException BadQuery(string name, string rule) => new(StatusCodes.Status400BadRequest, $"'{name}' {rule}.");
}
