using AspireFeedback.Web.OpenApi;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Mvc;

namespace AspireFeedback.Web.Identity;

/// <summary>The routes under <c>/me</c>; each leads to its use case.</summary>
internal static class IdentityEndpoints
{
    private const int LargestBody = 16 * 1024;

    private static AccessTokenResponse Tokens => new() { AccessToken = "CfDJ8N…", ExpiresIn = 3600, RefreshToken = "CfDJ8O…" };

    public static IEndpointRouteBuilder MapIdentity(this IEndpointRouteBuilder routes, bool guests = true)
    {
        var me = routes.MapGroup("/me").WithTags("Me").WithMetadata(new RequestSizeLimitAttribute(LargestBody));
        if (guests)
        {
            me.MapGet("", MeEndpoint.Show).AllowAnonymous()
                .Describe("GetMe", "Who the caller is; gives a browser without an identity a guest's.")
                .Answers(200, "The owner.", Examples.Guest, "Set-Cookie").Refuses("unauthorized", "identity-changed");
        }
        else
        {
            me.MapGet("", MeEndpoint.ShowUser).RequireAuthorization(Owner.Policy)
                .Describe("GetMe", "Who the caller is.").Answers(200, "The owner.", Examples.Guest);
        }

        MapTokens(me);
        MapSessions(me.MapGroup("").AddEndpointFilter(Session.RefuseTokensAsync));
        return routes;
    }

    private static void MapTokens(RouteGroupBuilder me)
    {
        me.MapPost("/tokens", TokenEndpoints.Issue).RequireAuthorization(Owner.Policy).AddEndpointFilter(Session.RefuseTokensAsync)
            .Describe("IssueTokens", "An access token and a refresh token, for scripts and devices.")
            .Answers(200, "Sent as Authorization: Bearer, and nowhere else.", Tokens).Refuses("session-required", "too-fast");
        me.MapPost("/tokens/refresh", TokenEndpoints.Refresh).AllowAnonymous()
            .Describe("RefreshTokens", "New tokens for a refresh token.")
            .BodyLike(new RefreshBody(Tokens.RefreshToken))
            .Answers(200, "The new ones.", Tokens).Refuses("unauthorized", "too-fast").RefusesBodies();
        me.MapDelete("/tokens", TokenEndpoints.Revoke).RequireAuthorization(Owner.Policy)
            .Describe("RevokeTokens", "Voids all tokens of the caller, on every device.")
            .Answers(204, "They are void.").Refuses("too-fast");
    }

    private static void MapSessions(RouteGroupBuilder sessions)
    {
        sessions.MapPost("/pairing", PairingEndpoints.Open).RequireAuthorization(Owner.Policy)
            .Describe("OpenPairing", "A code with which another device becomes the same owner, once, within five minutes.")
            .Answers(200, "The code, and an address that carries it.", new OpenPairing("7Q4M-0ZKX-9D2C-W8TB", "https://feedback.example/#pair=7Q4M-0ZKX-9D2C-W8TB", 300))
            .Refuses("session-required", "too-fast");
        sessions.MapPost("/pair", PairingEndpoints.Pair).AllowAnonymous()
            .Describe("Pair", "Makes this device the owner who got the code, once the person has confirmed it.")
            .BodyLike(new PairBody("7Q4M-0ZKX-9D2C-W8TB"))
            .Answers(200, "Who this device is from now on.", Examples.Guest, "Set-Cookie")
            .Refuses("session-required", "unknown-code", "too-fast").RefusesBodies();
        sessions.MapPost("/sign-up", SignUp.Handle).AllowAnonymous()
            .Describe("SignUp", "Makes the guest a user with a name and a password; what it has comes along, under a new id.")
            .BodyLike(Examples.Credentials)
            .Answers(200, "The user.", Examples.Person, "Set-Cookie")
            .Refuses("invalid-request", "session-required", "name-taken", "already-signed-in", "too-fast").RefusesBodies();
        sessions.MapPost("/sign-in", SignIn.Handle).AllowAnonymous()
            .Describe("SignIn", "Makes this browser a user's; what it has as a guest goes to the user.")
            .BodyLike(Examples.Credentials)
            .Answers(200, "The user.", Examples.Person, "Set-Cookie")
            .Refuses("invalid-request", "wrong-credentials", "session-required", "too-fast").RefusesBodies();
        sessions.MapPost("/sign-out", (Delegate)SignIn.Out).AllowAnonymous()
            .Describe("SignOut", "This browser forgets who it is.")
            .Answers(204, "It is nobody.", "Set-Cookie").Refuses("session-required");
    }
}
