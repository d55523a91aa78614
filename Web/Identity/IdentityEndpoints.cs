using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Mvc;

namespace AspireFeedback.Web.Identity;

/// <summary>The routes under <c>/me</c>; each leads to its use case.</summary>
internal static class IdentityEndpoints
{
    private const int LargestBody = 16 * 1024;

    public static IEndpointRouteBuilder MapIdentity(this IEndpointRouteBuilder routes, bool guests = true)
    {
        var me = routes.MapGroup("/me").WithTags("Me").WithMetadata(new RequestSizeLimitAttribute(LargestBody));
        if (guests)
        {
            me.MapGet("", MeEndpoint.Show).AllowAnonymous()
                .WithSummary("Who the caller is; gives a browser without an identity a guest's.");
        }
        else
            me.MapGet("", MeEndpoint.ShowUser).RequireAuthorization(Owner.Policy).WithSummary("Who the caller is.");

        me.MapPost("/tokens", TokenEndpoints.Issue).RequireAuthorization(Owner.Policy).AddEndpointFilter(Session.RefuseTokensAsync)
            .WithSummary("An access token and a refresh token, for scripts and devices.").Produces<AccessTokenResponse>();
        me.MapPost("/tokens/refresh", TokenEndpoints.Refresh).AllowAnonymous()
            .WithSummary("New tokens for a refresh token.").Produces<AccessTokenResponse>();
        me.MapDelete("/tokens", TokenEndpoints.Revoke).RequireAuthorization(Owner.Policy)
            .WithSummary("Revokes all tokens of the caller, on every device.");

        var sessions = me.MapGroup("").AddEndpointFilter(Session.RefuseTokensAsync);
        sessions.MapPost("/pairing", PairingEndpoints.Open).RequireAuthorization(Owner.Policy)
            .WithSummary("A code with which another device becomes the same owner, once, within five minutes.");
        sessions.MapPost("/pair", PairingEndpoints.Pair).AllowAnonymous()
            .WithSummary("Makes this device the owner who got the code, once the person has confirmed it.");

        sessions.MapPost("/sign-up", SignUp.Handle).AllowAnonymous()
            .WithSummary("Makes the guest a user with a name and a password; what it has comes along, under a new id.");
        sessions.MapPost("/sign-in", SignIn.Handle).AllowAnonymous()
            .WithSummary("Makes this browser a user's; what it has as a guest goes to the user.");
        sessions.MapPost("/sign-out", (Delegate)SignIn.Out).AllowAnonymous()
            .WithSummary("This browser forgets who it is.");
        return routes;
    }
}
