using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Identity;

/// <summary>
/// A guest becomes a user, under a new id: what the guest has goes along, as at a sign-in, but nobody who was the same guest. A cookie cannot be taken
/// back, and whoever had this one before (a shared device, a link that was sent to pair) must not be in the account for ever.
/// </summary>
internal static class SignUp
{
    public static async Task<Results<Ok<Me>, ProblemHttpResult>> Handle(
        Credentials typed, HttpContext context, ClaimsPrincipal user, UserNames users, Passwords passwords, CarryOver carryOver, Throttle throttle, IOptions<IdentityLimits> limits)
    {
        if (typed.Unfit() is { Count: > 0 } errors)
            return Problems.Result("invalid-request", errors: errors);
        if (Owner.Of(user) is not null && Owner.GuestOf(user) is null)
            return Problems.Result("already-signed-in");
        if (await throttle.RefuseAsync(context, limits.Value.SignUp(context)) is { } refusal)
            return refusal;
        var owner = Guid.CreateVersion7();
        var hash = await passwords.HashAsync(typed.Password!, context.RequestAborted);
        if (!await users.AddAsync(owner, typed.UserName!, typed.NameKey, hash, context.RequestAborted))
            return Problems.Result("name-taken");
        // Should this end between the two, the guest still is one, and its requests come along when it signs in with the new name.
        if (Owner.GuestOf(user) is { } guest)
            await carryOver.MoveAsync(context, guest, owner);
        return TypedResults.Ok(await Session.BeginAsync(context, new(owner, Owner.User, typed.UserName)));
    }
}
