using System.Globalization;
using System.Security.Claims;

namespace AspireFeedback.Web.Identity;

/// <summary>The person whose requests these are, however they proved it. Handlers of endpoints see nothing else of an identity.</summary>
internal static class Owner
{
    /// <summary>Authorization policy for everything that belongs to somebody; a call without an owner gets a 401.</summary>
    public const string Policy = "feedback-owner";

    public const string ClaimType = "owner";
    public const string KindClaimType = "kind";
    public const string NameClaimType = "name";
    public const string StampClaimType = "stamp";
    private const string FormerClaimType = "former-owner";
    public const string Guest = "guest";
    public const string User = "user";

    public static Guid? Of(ClaimsPrincipal? user) =>
        Guid.TryParseExact(user?.FindFirstValue(ClaimType), "D", out var owner) ? owner : null;

    /// <summary>For endpoints behind the authorization policy, which lets nobody through without an owner.</summary>
    public static Guid Required(ClaimsPrincipal user) => Of(user) ?? throw new InvalidOperationException("The endpoint is not behind the owner policy.");

    /// <summary><c>guest</c> or <c>user</c>.</summary>
    public static string KindOf(ClaimsPrincipal user) => user.FindFirstValue(KindClaimType) ?? Guest;

    /// <summary>The caller, if it is a guest: whoever has another way back to what is theirs keeps it.</summary>
    public static Guid? GuestOf(ClaimsPrincipal user) => KindOf(user) == Guest ? Of(user) : null;

    /// <summary>Only users have one.</summary>
    public static string? NameOf(ClaimsPrincipal user) => user.FindFirstValue(NameClaimType);

    /// <summary>Only tokens carry one.</summary>
    public static long? StampOf(ClaimsPrincipal user) =>
        long.TryParse(user.FindFirstValue(StampClaimType), NumberStyles.None, CultureInfo.InvariantCulture, out var stamp) ? stamp : null;

    /// <summary>Who the caller was: a guest whose requests went to somebody else. It is nobody now.</summary>
    public static Guid? FormerOf(ClaimsPrincipal user) => Guid.TryParseExact(user.FindFirstValue(FormerClaimType), "D", out var owner) ? owner : null;

    /// <summary>Nobody, without an authentication type, so that no policy lets it through.</summary>
    public static ClaimsPrincipal Formerly(Guid owner) => new(new ClaimsIdentity([new(FormerClaimType, owner.ToString())]));

    public static ClaimsPrincipal Principal(Guid owner, string kind, string scheme, string? name = null)
    {
        var identity = new ClaimsIdentity([new(ClaimType, owner.ToString()), new(KindClaimType, kind)], scheme);
        if (name is not null)
            identity.AddClaim(new(NameClaimType, name));
        return new(identity);
    }

    /// <summary>What a token says: the owner and no roles.</summary>
    public static ClaimsPrincipal TokenOf(ClaimsPrincipal user, long stamp)
    {
        var token = Principal(Required(user), KindOf(user), Schemes.Bearer, NameOf(user));
        ((ClaimsIdentity)token.Identity!).AddClaim(new(StampClaimType, stamp.ToString(CultureInfo.InvariantCulture)));
        return token;
    }

    /// <summary>The same person as a user with this name, whatever they were when they got their cookie or token.</summary>
    public static ClaimsPrincipal AsUser(ClaimsPrincipal user, string name) => new(new ClaimsIdentity(
        [.. user.Claims.Where(claim => claim.Type is not (KindClaimType or NameClaimType)), new(KindClaimType, User), new(NameClaimType, name)],
        user.Identity?.AuthenticationType));
}
