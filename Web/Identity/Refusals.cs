using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;

namespace AspireFeedback.Web.Identity;

/// <summary>A refused call gets a problem, never a redirect: 401, and 404 where only admins may know that there is something.</summary>
internal sealed class Refusals(FeedbackReach reach) : IAuthorizationMiddlewareResultHandler
{
    private static readonly AuthorizationMiddlewareResultHandler Usual = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
            return next(context);
        if (!reach.Covers(context))
            return Usual.HandleAsync(next, context, policy, authorizeResult);
        if (policy.Requirements.OfType<RolesAuthorizationRequirement>().Any(requirement => requirement.AllowedRoles.Contains(AdminKey.Role)))
            return Problems.Result("not-found").ExecuteAsync(context);
        // RFC 6750 §3.1: a call without credentials is told the scheme only.
        context.Response.Headers.WWWAuthenticate = context.Request.Headers.Authorization.Count == 0 ? "Bearer" : "Bearer error=\"invalid_token\"";
        return Problems.Result("unauthorized").ExecuteAsync(context);
    }
}
