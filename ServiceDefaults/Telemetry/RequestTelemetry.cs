using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace AspireFeedback.ServiceDefaults.Telemetry;

/// <summary>Puts the middleware around everything else, also around the exception page that the host adds by itself.</summary>
internal sealed class RequestTelemetryStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseMiddleware<RequestTelemetry>();
        next(app);
    };
}

/// <summary>Adds what ASP.NET Core leaves out of its own spans: route, status code and exception, by OpenTelemetry's conventions for HTTP servers.</summary>
internal sealed class RequestTelemetry(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
        if (span is not { IsAllDataRequested: true })
        {
            await next(context);
            return;
        }
        try
        {
            await next(context);
            // An exception handler that answered keeps what it caught, and the endpoint that it took away from the request.
            var handled = context.Features.Get<IExceptionHandlerFeature>();
            Describe(span, context, context.GetEndpoint() ?? handled?.Endpoint, context.Response.StatusCode, handled?.Error);
        }
        catch (Exception exception)
        {
            Describe(span, context, context.GetEndpoint(), StatusOf(context, exception), exception);
            throw;
        }
    }

    private static void Describe(Activity span, HttpContext context, Endpoint? endpoint, int status, Exception? exception)
    {
        span.SetTag("http.response.status_code", status);
        if (RouteOf(endpoint) is { } route)
        {
            span.SetTag("http.route", route);
            span.DisplayName = $"{context.Request.Method} {route}";
        }
        else
        {
            // Not the path: names of spans must stay few.
            span.DisplayName = context.Request.Method;
        }

        if (exception is not null && !IsClientGone(context, exception))
        {
            span.AddException(exception);
            span.SetTag("error.type", exception.GetType().FullName);
            span.SetStatus(ActivityStatusCode.Error, exception.Message);
        }
        else if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture));
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static string? RouteOf(Endpoint? endpoint) =>
        (endpoint as RouteEndpoint)?.RoutePattern.RawText is { } text ? '/' + text.TrimStart('/') : null;

    // The server decides the status of an exception that reaches it after this middleware has run: these are its rules.
    private static int StatusOf(HttpContext context, Exception exception) => exception switch
    {
        _ when context.Response.HasStarted => context.Response.StatusCode,
        BadHttpRequestException bad => bad.StatusCode,
        _ when IsClientGone(context, exception) => StatusCodes.Status499ClientClosedRequest,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static bool IsClientGone(HttpContext context, Exception exception) =>
        context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException;
}
