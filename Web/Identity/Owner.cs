using System.Security.Claims;

namespace AspireFeedback.Web.Identity;

/// <summary>The person whose requests these are, however they proved it. Handlers of endpoints see nothing else of an identity.</summary>
internal static class Owner
{
    /// <summary>Authorization policy for everything that belongs to somebody; a call without an owner gets a 401.</summary>
    public const string Policy = "owner";

    public const string ClaimType = "owner";
    public const string KindClaimType = "kind";
    public const string Guest = "guest";

    public static Guid? Of(ClaimsPrincipal? user) =>
        Guid.TryParseExact(user?.FindFirstValue(ClaimType), "D", out var owner) ? owner : null;

    /// <summary>For endpoints behind the authorization policy, which lets nobody through without an owner.</summary>
    public static Guid Required(ClaimsPrincipal user) => Of(user) ?? throw new InvalidOperationException("The endpoint is not behind the owner policy.");

    /// <summary><c>guest</c> or <c>user</c>.</summary>
    public static string KindOf(ClaimsPrincipal user) => user.FindFirstValue(KindClaimType) ?? Guest;

    public static ClaimsPrincipal Principal(Guid owner, string kind, string scheme) =>
        new(new ClaimsIdentity([new(ClaimType, owner.ToString()), new(KindClaimType, kind)], scheme));
}
