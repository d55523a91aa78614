using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Identity;

internal sealed class AdminKeyOptions : AuthenticationSchemeOptions
{
    /// <summary>Configuration <c>Admin:Key</c>; without one nobody is admin by key.</summary>
    public string? Key { get; set; }
}

/// <summary>Whoever sends the installation's admin key as bearer has the role admin.</summary>
internal sealed class AdminKey(IOptionsMonitor<AdminKeyOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AdminKeyOptions>(options, logger, encoder)
{
    /// <summary>Authorization policy for the installation's developers; for everybody else there is nothing (404).</summary>
    public const string Policy = "feedback-admin";

    public const string Role = "admin";

    // Hashes have one length, so that the time of the comparison tells nothing, not even the key's length.
    public static bool IsRight(string sent, string key) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(sent)), SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>How an admin stands in the events: by the owner id where an identity provider said who it is; a key has no name.</summary>
    public static string NameOf(ClaimsPrincipal admin) =>
        admin.Identities.Where(identity => identity.HasClaim(identity.RoleClaimType, Role))
            .Select(identity => identity.FindFirst(Owner.ClaimType)?.Value)
            .FirstOrDefault(owner => owner is not null) is { } known ? $"admin:{known}" : "admin";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Bearer.Of(Request) is not { } sent || string.IsNullOrEmpty(Options.Key))
            return Task.FromResult(AuthenticateResult.NoResult());
        if (!IsRight(sent, Options.Key))
            return Task.FromResult(AuthenticateResult.Fail("The admin key is wrong."));
        var admin = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Role, Role)], Scheme.Name));
        return Task.FromResult(AuthenticateResult.Success(new(admin, Scheme.Name)));
    }
}
