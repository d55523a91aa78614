namespace AspireFeedback.Web.Identity;

/// <summary>
/// Refuses what a page of another site makes a visitor's browser do: unsafe methods, the hub (WebSockets know no same-origin policy) and event streams.
/// Calls with an Authorization header pass: a browser never adds one by itself.
/// </summary>
internal static class ForeignOrigins
{
    public static Task RefuseAsync(HttpContext context, RequestDelegate next) =>
        IsGuarded(context.Request) && context.Request.Headers.Authorization.Count == 0 && IsForeign(context.Request)
            ? Problems.Result("forbidden-origin").ExecuteAsync(context)
            : next(context);

    private static bool IsGuarded(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method) || HttpMethods.IsTrace(request.Method))
        || OpenCalls.IsLive(request);

    private static bool IsForeign(HttpRequest request) => request.Headers.Origin switch
    {
        [] => !(request.Headers["Sec-Fetch-Site"] is [] or ["same-origin"] or ["none"]),
        [{ } origin] => !IsOwn(origin, request),
        _ => true,
    };

    /// <summary>The Host header is what the browser sees, also behind a TCP proxy; behind one that ends TLS, forwarded headers make scheme and host right.</summary>
    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from)
        && Uri.TryCreate($"{request.Scheme}://{request.Host.Value}", UriKind.Absolute, out var own)
        && from.Scheme == own.Scheme && from.Port == own.Port && string.Equals(from.Host, own.Host, StringComparison.OrdinalIgnoreCase);
}
