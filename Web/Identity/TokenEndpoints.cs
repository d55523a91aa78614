using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Identity;

internal sealed record RefreshBody(string? RefreshToken);

/// <summary>
/// Bearer tokens for scripts and devices: ASP.NET Core's own, which any instance can read without a row, and the owner's stamp in them, which voids all
/// of them at once. The answer is <c>{tokenType, accessToken, expiresIn, refreshToken}</c>.
/// </summary>
internal static class TokenEndpoints
{
    public static async Task<Results<SignInHttpResult, ProblemHttpResult>> Issue(
        HttpContext context, ClaimsPrincipal user, OwnerStandings standings, Throttle throttle, IOptions<IdentityLimits> limits)
    {
        var owner = Owner.Required(user);
        if (await throttle.RefuseAsync(context, limits.Value.Token(owner)) is { } refusal)
            return refusal;
        // Read anew: with a stamp from before a revocation it would be void from the start.
        var standing = await standings.ReadAsync(owner);
        return standing.Admits(null) ? Answer(context, user, standing) : Refuse(context);
    }

    public static async Task<Results<SignInHttpResult, ProblemHttpResult>> Refresh(
        RefreshBody body, HttpContext context, IOptionsMonitor<BearerTokenOptions> tokens, OwnerStandings standings, Throttle throttle, IOptions<IdentityLimits> limits, TimeProvider time)
    {
        if (await throttle.RefuseAsync(context, limits.Value.Refresh(context)) is { } refusal)
            return refusal;
        var ticket = body.RefreshToken is { Length: > 0 and < 8192 } sent ? tokens.Get(Schemes.Bearer).RefreshTokenProtector.Unprotect(sent) : null;
        if (ticket is null || !(ticket.Properties.ExpiresUtc > time.GetUtcNow()) || Owner.Of(ticket.Principal) is not { } owner)
            return Refuse(context);
        var standing = await standings.ReadAsync(owner);
        return standing.Admits(Owner.StampOf(ticket.Principal)) ? Answer(context, ticket.Principal, standing) : Refuse(context);
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> Revoke(
        HttpContext context, ClaimsPrincipal user, OwnerStandings standings, OpenCalls calls, Throttle throttle, IOptions<IdentityLimits> limits)
    {
        if (await throttle.RefuseAsync(context, limits.Value.Revocation(context)) is { } refusal)
            return refusal;
        var owner = Owner.Required(user);
        await standings.RevokeTokensAsync(owner, context.RequestAborted);
        calls.End(await standings.OfAsync(owner, null));
        return TypedResults.NoContent();
    }

    private static SignInHttpResult Answer(HttpContext context, ClaimsPrincipal user, OwnerStanding standing)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.SignIn(Owner.TokenOf(user, standing.Stamp), authenticationScheme: Schemes.Bearer);
    }

    private static ProblemHttpResult Refuse(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return Problems.Result("unauthorized", "The token is not valid, or not any more.");
    }
}
