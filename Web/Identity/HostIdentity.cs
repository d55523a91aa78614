using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Identity;

/// <summary>How the application that this is a part of knows its users.</summary>
/// <param name="UserId">For ever, and of one user only.</param>
/// <param name="Scheme">To ask; the application's default when absent.</param>
internal sealed record HostIdentity(Func<ClaimsPrincipal, string?> UserId, Func<ClaimsPrincipal, bool> IsAdmin, string? Scheme)
{
    /// <summary>Stands for the application in the owner's id: in a database there is one.</summary>
    public const string Issuer = "host";
}

internal sealed class HostCallerOptions : AuthenticationSchemeOptions
{
    public HostIdentity Host { get; set; } = null!;
}

/// <summary>
/// Asks the application who the caller is, and makes an owner of the answer. Only the policies of this system name this scheme: for the
/// application's own endpoints nobody becomes anybody else. None of the application's claims come along, so that none is taken for one of ours.
/// </summary>
internal sealed class HostCaller(
    IOptionsMonitor<HostCallerOptions> options, ILoggerFactory logger, UrlEncoder encoder, IAuthenticationSchemeProvider schemes)
    : AuthenticationHandler<HostCallerOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var host = Options.Host;
        var scheme = host.Scheme ?? (await schemes.GetDefaultAuthenticateSchemeAsync())?.Name;
        if (scheme is null || scheme == Scheme.Name)
            throw new InvalidOperationException("The application has no default authentication scheme. Name the one to use: IdentifyBy(…, scheme: \"…\").");
        var caller = await Context.AuthenticateAsync(scheme);
        if (!caller.Succeeded)
            return caller.Failure is { } failure ? AuthenticateResult.Fail(failure) : AuthenticateResult.NoResult();
        if (host.UserId(caller.Principal) is not { Length: > 0 } id)
            return AuthenticateResult.Fail("The caller has no user id.");
        var owner = Owner.Principal(RequestFeedback.OwnerOf(id), Owner.User, Scheme.Name, caller.Principal.Identity?.Name);
        if (host.IsAdmin(caller.Principal))
            ((ClaimsIdentity)owner.Identity!).AddClaim(new(ClaimTypes.Role, AdminKey.Role));
        // Open calls end when what let them in does.
        return AuthenticateResult.Success(new(owner, new() { ExpiresUtc = caller.Properties.ExpiresUtc }, Scheme.Name));
    }

    /// <summary>Reached only where the application handles refusals itself: a problem then too, and never the redirect of the application's cookie.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Problems.Result("unauthorized").ExecuteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problems.Result("not-found").ExecuteAsync(Context);
}
