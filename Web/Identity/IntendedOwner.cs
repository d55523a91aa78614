using AspireFeedback.Web.OpenApi;

namespace AspireFeedback.Web.Identity;

/// <summary>
/// A page that was told who it is may send somebody else's cookie a moment later, since another tab has signed in. What one person asks for must
/// not become another one's, so the page may say as whom alone a call is made.
/// </summary>
internal static class IntendedOwner
{
    private const string Header = "Feedback-Owner";

    public static RouteHandlerBuilder OnlyAsIntended(this RouteHandlerBuilder endpoint) => endpoint
        .AddEndpointFilter((call, next) => IsIntended(call.HttpContext) ? next(call) : ValueTask.FromResult<object?>(Problems.Result("other-owner")))
        .Header(Header, "The owner, by the id in GET /me, as whom alone the call is made.", """{"type":"string","format":"uuid"}""")
        .Refuses("other-owner");

    private static bool IsIntended(HttpContext context) =>
        context.Request.Headers[Header] is not { Count: > 0 } intended || (Guid.TryParse(intended, out var owner) && owner == Owner.Of(context.User));
}
