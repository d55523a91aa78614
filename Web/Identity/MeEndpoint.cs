using System.Security.Claims;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireFeedback.Web.Identity;

/// <param name="Id">The owner id.</param>
/// <param name="Kind"><c>guest</c> or <c>user</c>.</param>
/// <param name="Name">Of a user.</param>
internal sealed record Me(Guid Id, string Kind, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null);

internal static class MeEndpoint
{
    /// <summary>A guest is nothing but a signed cookie: no row is written before the first use.</summary>
    public static async Task<Results<Ok<Me>, ProblemHttpResult>> Show(HttpContext context, ClaimsPrincipal user, OwnerStandings standings)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (Owner.Of(user) is { } owner)
            return TypedResults.Ok(new Me(owner, Owner.KindOf(user), Owner.NameOf(user)));
        // Who sends a token means a certain owner, and must not become another one.
        if (context.Request.Headers.Authorization.Count > 0)
            return Problems.Result("unauthorized");
        // Beside a sign-in that is just being answered, a guest's cookie could arrive last, and take the place of the user's.
        if (Owner.FormerOf(user) is { } former && await standings.HasJustMovedAsync(former, context.RequestAborted))
            return Problems.Result("identity-changed");
        var guest = Guid.CreateVersion7();
        await context.SignInAsync(Schemes.Cookie, Owner.Principal(guest, Owner.Guest, Schemes.Cookie), new() { IsPersistent = true });
        return TypedResults.Ok(new Me(guest, Owner.Guest));
    }

    /// <summary>For whom a policy has let in.</summary>
    public static Ok<Me> ShowUser(HttpContext context, ClaimsPrincipal user)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Me(Owner.Required(user), Owner.KindOf(user), Owner.NameOf(user)));
    }
}
