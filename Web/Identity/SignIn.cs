using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Identity;

/// <summary>The browser of a user, or of a guest who turns out to be one: then what the guest has goes to the user.</summary>
internal static class SignIn
{
    public static async Task<Results<Ok<Me>, ProblemHttpResult>> Handle(
        Credentials typed, HttpContext context, ClaimsPrincipal caller, UserNames users, Passwords passwords, CarryOver carryOver, Throttle throttle, IOptions<IdentityLimits> limits)
    {
        if (typed.Malformed() is { Count: > 0 } errors)
            return Problems.Result("invalid-request", errors: errors);
        var byBoth = limits.Value.SignIn(context, typed.NameKey);
        if (await throttle.RefuseAsync(context, limits.Value.SignIn(context), byBoth, limits.Value.SignIn(typed.NameKey)) is { } refusal)
            return refusal;
        var user = await users.FindAsync(typed.NameKey, context.RequestAborted);
        var check = await passwords.VerifyAsync(user?.PasswordHash, typed.Password!, context.RequestAborted);
        if (user is null || check is PasswordCheck.Wrong)
            return Problems.Result("wrong-credentials");

        await throttle.ForgetAsync(byBoth, context.RequestAborted);
        if (check is PasswordCheck.RightButWeak)
            await users.RehashAsync(user, await passwords.HashAsync(typed.Password!, context.RequestAborted), context.RequestAborted);
        if (Owner.GuestOf(caller) is { } guest && guest != user.Id)
            await carryOver.MoveAsync(context, guest, user.Id);
        return TypedResults.Ok(await Session.BeginAsync(context, new(user.Id, Owner.User, user.Name)));
    }

    /// <summary>This browser forgets who it is; the next <c>GET /me</c> makes it a new guest.</summary>
    public static async Task<NoContent> Out(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        await context.SignOutAsync(Schemes.Cookie);
        return TypedResults.NoContent();
    }
}
