using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace AspireFeedback.Web.Identity;

/// <summary>
/// Compares what a cookie or a token claims with what became of its owner since: whose token was revoked, or whose requests went to somebody
/// else, is nobody; a guest who signed up when the id still stayed the same is a user. Here, and not in a middleware, so that it holds for every
/// scheme and policy.
/// </summary>
internal sealed class CurrentOwner(OwnerStandings standings) : IClaimsTransformation
{
    public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        if (Owner.Of(principal) is not { } owner)
            return principal; // the admin's key, a worker's capability
        var stamp = Owner.StampOf(principal);
        var standing = await standings.OfAsync(owner, stamp);
        if (!standing.Admits(stamp))
            return standing.MovedTo is null ? new(new ClaimsIdentity()) : Owner.Formerly(owner);
        return standing.Name is { } name ? Owner.AsUser(principal, name) : principal;
    }
}
