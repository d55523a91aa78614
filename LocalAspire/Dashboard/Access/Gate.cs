using AspireFeedback.LocalAspire.Dashboard.Http;
using AspireFeedback.LocalAspire.Dashboard.Otlp;
using AspireFeedback.LocalAspire.Runtime;
using Microsoft.AspNetCore.Http;

namespace AspireFeedback.LocalAspire.Dashboard.Access;

/// <summary>Before everything else: each port serves only what it is for, to those who may.</summary>
internal sealed class Gate(DashboardAddress address, BrowserAccess access)
{
    private const string OtlpKeyHeader = "x-otlp-api-key";

    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        // Any page on the web can make a name of its own point at this machine, and then speak with what listens here; the name gives it away.
        if (!IsLoopback(context.Request.Host.Host))
            return Problem.WriteAsync(context, StatusCodes.Status421MisdirectedRequest, "The dashboard answers only as localhost.");
        if (context.Connection.LocalPort != address.Port)
            return PassOtlpAsync(context, next);

        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (context.Request.Headers.Origin is [{ } origin] && origin != $"{context.Request.Scheme}://{context.Request.Host}")
            return Problem.WriteAsync(context, StatusCodes.Status403Forbidden, "The dashboard answers only its own page.");
        var path = context.Request.Path;
        if (LoginPage.IsForEverybody(path) || access.IsKnown(context.Request))
            return IsOtlp(path) ? Problem.WriteAsync(context, StatusCodes.Status404NotFound, "Telemetry goes to the ports for it.") : next(context);
        if (path.StartsWithSegments("/api"))
            return Problem.WriteAsync(context, StatusCodes.Status401Unauthorized, "Log in with the link that the terminal shows.");
        context.Response.Redirect($"{LoginPage.Path}?returnUrl={Uri.EscapeDataString(path + context.Request.QueryString)}");
        return Task.CompletedTask;
    }

    private Task PassOtlpAsync(HttpContext context, RequestDelegate next)
    {
        var isGrpc = context.Connection.LocalPort == address.OtlpGrpcPort;
        if (!BrowserAccess.AreSame(context.Request.Headers[OtlpKeyHeader], address.OtlpApiKey))
        {
            if (!isGrpc)
                return OtlpHttp.RefuseAsync(context, StatusCodes.Status401Unauthorized, $"The header {OtlpKeyHeader} is missing or wrong.");
            OtlpGrpc.Refuse(context, GrpcStatus.Unauthenticated, $"The header {OtlpKeyHeader} is missing or wrong.");
            return Task.CompletedTask;
        }

        if (IsOtlp(context.Request.Path) && context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<PageFiles>() is null)
            return next(context);
        if (isGrpc)
            OtlpGrpc.Refuse(context, GrpcStatus.Unimplemented, "There are the services of OTLP.");
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static bool IsOtlp(PathString path) =>
        path.StartsWithSegments("/v1") || path.Value?.StartsWith("/opentelemetry.proto.", StringComparison.Ordinal) is true;

    private static bool IsLoopback(string host) => host is "127.0.0.1" or "[::1]" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
