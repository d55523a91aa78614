using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Identity;

/// <summary>A guest becomes a user and stays the same owner: requests, files, tokens, other devices and live connections go on as they are.</summary>
internal static class SignUp
{
    public static async Task<Results<Ok<Me>, ProblemHttpResult>> Handle(
        Credentials typed, HttpContext context, ClaimsPrincipal user, UserNames users, Passwords passwords, OwnerStandings standings, Throttle throttle, IOptions<IdentityLimits> limits)
    {
        if (typed.Unfit() is { Count: > 0 } errors)
            return Problems.Result("invalid-request", errors: errors);
        if (Owner.Of(user) is not null && Owner.GuestOf(user) is null)
            return Problems.Result("already-signed-in");
        if (await throttle.RefuseAsync(context, limits.Value.SignUp(context)) is { } refusal)
            return refusal;
        var owner = Owner.GuestOf(user) ?? Guid.CreateVersion7();
        var hash = await passwords.HashAsync(typed.Password!, context.RequestAborted);
        return await users.AddAsync(owner, typed.UserName!, typed.NameKey, hash, context.RequestAborted) switch
        {
            SignUpOutcome.Added => TypedResults.Ok(await BeginAsync()),
            SignUpOutcome.NameTaken => Problems.Result("name-taken"),
            _ => Problems.Result("already-signed-in"),
        };

        async Task<Me> BeginAsync()
        {
            await standings.ReadAsync(owner); // known here at once
            return await Session.BeginAsync(context, new(owner, Owner.User, typed.UserName));
        }
    }
}
