using System.Buffers.Binary;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;

namespace AspireFeedback.Web.Identity;

/// <param name="Issuer">The provider, as its tokens name it (<c>iss</c>).</param>
/// <param name="Subject">The person there, for ever (<c>sub</c>): no e-mail address, which may pass to somebody else.</param>
/// <param name="IsAdmin">Decided by the provider's roles or groups.</param>
public sealed record ExternalUser(string Issuer, string Subject, string? Name, bool IsAdmin)
{
    /// <summary>Computed, so that it needs no row: a UUID of version 8 (RFC 9562) from a hash of issuer and subject.</summary>
    internal Guid Owner
    {
        get
        {
            var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"owner\n{Issuer.Length}\n{Issuer}\n{Subject}")).AsSpan(0, 16);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)((BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) & 0x0FFF) | 0x8000));
            bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
            return new(bytes, bigEndian: true);
        }
    }
}

/// <summary>The one way from an identity provider into this application. Everything behind it sees an owner, as with a cookie of our own.</summary>
public static class ExternalSignIn
{
    /// <summary>To be called once the provider has proved who it is. What the browser has as a guest goes to the owner.</summary>
    /// <returns>The principal for <see cref="Schemes.Cookie"/>.</returns>
    public static async Task<ClaimsPrincipal> AcceptAsync(HttpContext context, ExternalUser user)
    {
        ArgumentException.ThrowIfNullOrEmpty(user.Issuer);
        ArgumentException.ThrowIfNullOrEmpty(user.Subject);
        // Handlers of providers run before anybody has looked at the cookie.
        var before = await context.AuthenticateAsync(Schemes.Cookie);
        if (before.Principal is { } caller && Owner.GuestOf(caller) is { } guest)
            await context.RequestServices.GetRequiredService<CarryOver>().MoveAsync(context, guest, user.Owner);
        var principal = Owner.Principal(user.Owner, Owner.User, Schemes.Cookie, user.Name);
        if (user.IsAdmin)
            ((ClaimsIdentity)principal.Identity!).AddClaim(new(ClaimTypes.Role, AdminKey.Role));
        return principal;
    }
}
