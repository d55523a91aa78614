using Microsoft.AspNetCore.Authentication;

namespace AspireFeedback.Web.Identity;

/// <summary>A browser's cookie, for as long as browsers keep one.</summary>
internal static class Session
{
    public static async Task<Me> BeginAsync(HttpContext context, Me me)
    {
        context.Response.Headers.CacheControl = "no-store";
        await context.SignInAsync(Schemes.Cookie, Owner.Principal(me.Id, me.Kind, Schemes.Cookie, me.Name), new() { IsPersistent = true });
        return me;
    }

    /// <summary>
    /// For what makes or changes a session, or makes tokens: a token, which can be revoked and ends, must not turn into a cookie, which cannot, nor
    /// into fresh tokens for ever. Nobody needs it: who has the cookie gets a token, not the other way round.
    /// </summary>
    public static ValueTask<object?> RefuseTokensAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next) =>
        call.HttpContext.Request.Headers.Authorization.Count > 0 ? ValueTask.FromResult<object?>(Problems.Result("session-required")) : next(call);
}
