using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Identity;

/// <param name="Url">Leads the second device to the page with the code in the fragment, which no server and no log sees.</param>
/// <param name="ExpiresIn">Seconds.</param>
internal sealed record OpenPairing(string Code, string Url, int ExpiresIn);

/// <param name="CarryOver">
/// Whether what this device has as a guest goes to the owner too. No, unless the person says so: unlike a sign-in, a code proves nothing about who
/// made it, and a link from a stranger must not cost anybody their requests.
/// </param>
internal sealed record PairBody(string? Code, bool CarryOver = false);

/// <summary>A second device becomes the same owner. The page that the URL leads to asks before it sends the code.</summary>
internal static class PairingEndpoints
{
    public static async Task<Results<Ok<OpenPairing>, ProblemHttpResult>> Open(
        HttpContext context, ClaimsPrincipal user, PairingCodes codes, Throttle throttle, IOptions<IdentityLimits> limits)
    {
        var owner = Owner.Required(user);
        if (await throttle.RefuseAsync(context, limits.Value.Code(owner)) is { } refusal)
            return refusal;
        var code = PairingCode.New();
        await codes.OpenAsync(new(owner, Owner.KindOf(user), Owner.NameOf(user)), PairingCode.HashOf(code)!, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new OpenPairing(code, $"{context.Request.Scheme}://{context.Request.Host}/#pair={code}", (int)PairingCode.Life.TotalSeconds));
    }

    public static async Task<Results<Ok<Me>, ProblemHttpResult>> Pair(
        PairBody body, HttpContext context, ClaimsPrincipal user, PairingCodes codes, CarryOver carryOver, Throttle throttle, IOptions<IdentityLimits> limits)
    {
        var hash = PairingCode.HashOf(body.Code);
        if (await throttle.RefuseAsync(context, limits.Value.Pairing(context, hash)) is { } refusal)
            return refusal;
        if (hash is null || await codes.UseAsync(hash, context.RequestAborted) is not { } owner)
            return Problems.Result("unknown-code");
        if (body.CarryOver && Owner.GuestOf(user) is { } guest && guest != owner.Id && !await carryOver.MoveAsync(context, guest, owner.Id))
            return Problems.Result("unknown-code");
        return TypedResults.Ok(await Session.BeginAsync(context, owner));
    }
}
