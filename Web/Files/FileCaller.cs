using System.Security.Claims;
using System.Text.Encodings.Web;
using AspireFeedback.Web.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Files;

/// <summary>On whose files a call acts, and, when a worker makes it, within which capability.</summary>
internal sealed record FileCaller(Guid Owner, FileCapability? Capability)
{
    public const string Policy = "feedback-files";
    public const string Scheme = "file-capability";

    public static FileCaller Of(ClaimsPrincipal user) => user.Identities.OfType<CapabilityIdentity>().FirstOrDefault() is { Capability: var capability }
        ? new(capability.Owner, capability)
        : new(Identity.Owner.Required(user), null);

    public bool CanRead(StoredFile file) => Capability is null || Capability.CanRead(file);
}

/// <summary>A bearer of a capability. Carries no owner claim: at no other endpoint is it anybody.</summary>
internal sealed class CapabilityIdentity(FileCapability capability) : ClaimsIdentity(FileCaller.Scheme)
{
    public FileCapability Capability { get; } = capability;
}

/// <summary>Reads a capability from the Authorization header; asked by the policy of the file endpoints only.</summary>
internal sealed class CapabilityHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, FileCapabilities capabilities, OwnerStandings standings)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Bearer.Of(Request) is not { } token)
            return AuthenticateResult.NoResult();
        if (capabilities.Read(token) is not { } capability)
            return AuthenticateResult.Fail("The capability is not valid.");
        // Made for a guest who has signed in since: the files are where the requests are. Read anew, as a worker comes back only once.
        if ((await standings.ReadAsync(capability.Owner)).MovedTo is { } owner)
            capability = capability with { Owner = owner };
        return AuthenticateResult.Success(new(new(new CapabilityIdentity(capability)), Scheme.Name));
    }
}
