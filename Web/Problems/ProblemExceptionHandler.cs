using System.Text.Json;
using AspireFeedback.Web.Log;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace AspireFeedback.Web;

/// <summary>What an exception that nobody expected means to the caller: an outage, a malformed call, or a defect of ours (no details, only the trace id).</summary>
internal sealed partial class ProblemExceptionHandler(IProblemDetailsService problems, FeedbackReach reach, ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The middleware has taken the endpoint away, for a handler that would run another one.
        if (!reach.Covers(httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint))
            return false;
        // Whoever left in the middle of sending is owed nothing.
        if (exception is ConnectionResetException)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var details = DetailsOf(exception, httpContext.Request);
        if (details.Status == StatusCodes.Status503ServiceUnavailable)
            LogOutage(httpContext.Request.Method, httpContext.Request.Path, exception.Message);
        else if (details.Status >= StatusCodes.Status500InternalServerError)
            LogDefect(exception, httpContext.Request.Method, httpContext.Request.Path);
        httpContext.Response.StatusCode = details.Status!.Value;
        try
        {
            return await problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = details, Exception = exception });
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;
        }
    }

    private static ProblemDetails DetailsOf(Exception exception, HttpRequest request) => exception switch
    {
        LogUnavailableException => Problems.Details("log-unavailable"),
        NpgsqlException e when IsOutage(e) => Problems.Details("log-unavailable"),
        BadHttpRequestException { InnerException: JsonException e } => Problems.Details("invalid-json", WhereOf(e)),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } e => Problems.Details("invalid-request", e.Message),
        BadHttpRequestException e => Problems.DetailsOf(e.StatusCode),
        // Reading a body is the only I/O of a call that fails like this: a chunk without a size, an end before the end. PostgreSQL has exceptions of its own.
        IOException => Problems.Details("invalid-request", "The body could not be read to its end."),
        JsonException e => Problems.Details("invalid-json", WhereOf(e)),
        InvalidOperationException { InnerException: ArgumentException } when NamesCharset(request) => Problems.Details("unsupported-media-type", "There is no such charset."),
        _ => Problems.Details("internal-error"),
    };

    /// <summary>The framework finds a charset that does not exist only when it decodes the body, and calls that a mistake of ours.</summary>
    private static bool NamesCharset(HttpRequest request) => MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset.HasValue;

    /// <summary>Broken connections, exhausted pools and resources, shutdowns, deadlocks, timeouts; not: bad data and mistakes in statements.</summary>
    private static bool IsOutage(NpgsqlException e) =>
        e is not PostgresException postgres || postgres.SqlState is ['0', '8', ..] or ['2', '5', ..] or ['4', '0', ..] or ['5', '3', ..] or ['5', '5', ..] or ['5', '7', ..] or ['5', '8', ..];

    private static string? WhereOf(JsonException e) =>
        e is { LineNumber: { } line, BytePositionInLine: { } at } ? $"Line {line + 1}, byte {at + 1}." : null;

    [LoggerMessage(3001, LogLevel.Warning, "{Method} {Path} met an outage: {Reason}")]
    private partial void LogOutage(string method, string path, string reason);

    [LoggerMessage(3002, LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogDefect(Exception exception, string method, string path);
}
