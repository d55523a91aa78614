using System.Security.Claims;

namespace AspireFeedback.Web.Identity;

/// <summary>The person whose requests these are, however they proved it. Handlers of endpoints see nothing else of an identity.</summary>
internal static class Owner
{
    public const string ClaimType = "owner";

    public static Guid? Of(ClaimsPrincipal? user) =>
        Guid.TryParseExact(user?.FindFirstValue(ClaimType), "D", out var owner) ? owner : null;

    /// <summary>For endpoints behind the authorization policy, which lets nobody through without an owner.</summary>
    public static Guid Required(ClaimsPrincipal user) => Of(user) ?? throw new InvalidOperationException("The endpoint is not behind the owner policy.");
}
