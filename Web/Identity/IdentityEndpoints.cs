using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Mvc;

namespace AspireFeedback.Web.Identity;

/// <summary>The routes under <c>/me</c>; each leads to its use case.</summary>
internal static class IdentityEndpoints
{
    private const int LargestBody = 16 * 1024;

    public static IEndpointRouteBuilder MapIdentity(this IEndpointRouteBuilder routes)
    {
        var me = routes.MapGroup("/me").WithTags("Me").WithMetadata(new RequestSizeLimitAttribute(LargestBody));
        me.MapGet("", MeEndpoint.Show).WithSummary("Who the caller is; gives a browser without an identity a guest's.").AllowAnonymous();

        me.MapPost("/tokens", TokenEndpoints.Issue).WithSummary("An access token and a refresh token, for scripts and devices.")
            .Produces<AccessTokenResponse>().RequireAuthorization(Owner.Policy);
        me.MapPost("/tokens/refresh", TokenEndpoints.Refresh).WithSummary("New tokens for a refresh token.").Produces<AccessTokenResponse>().AllowAnonymous();
        me.MapDelete("/tokens", TokenEndpoints.Revoke).WithSummary("Revokes all tokens of the caller, on every device.").RequireAuthorization(Owner.Policy);

        var sessions = me.MapGroup("").AddEndpointFilter(Session.RefuseTokensAsync);
        sessions.MapPost("/pairing", PairingEndpoints.Open).WithSummary("A code with which another device becomes the same owner, once, within five minutes.")
            .RequireAuthorization(Owner.Policy);
        sessions.MapPost("/pair", PairingEndpoints.Pair).WithSummary("Makes this device the owner who got the code, once the person has confirmed it.").AllowAnonymous();

        sessions.MapPost("/sign-up", SignUp.Handle).WithSummary("Makes the guest a user with a name and a password; requests and id stay.").AllowAnonymous();
        sessions.MapPost("/sign-in", SignIn.Handle).WithSummary("Makes this browser a user's; what it has as a guest goes to the user.").AllowAnonymous();
        sessions.MapPost("/sign-out", (Delegate)SignIn.Out).WithSummary("This browser forgets who it is.").AllowAnonymous();
        return routes;
    }
}
