using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Identity;

internal sealed record AdminKeyBody(string? Key);

/// <summary>How the caller stands in the events of what it does.</summary>
internal sealed record AdminWho(string By);

/// <summary>
/// The admin key as a cookie of one browser: a page cannot send a bearer header when it is opened, and must not keep the key where scripts can read
/// it. The cookie goes to <c>/admin</c> only, from its own pages only, and ends after an hour without use, with the browser, or with the key.
/// </summary>
internal static class AdminSession
{
    private const string Path = "/admin";
    private const string KeyClaimType = "key";
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    public static async Task<Results<NoContent, ProblemHttpResult>> Begin(
        AdminKeyBody body, HttpContext context, IOptionsMonitor<AdminKeyOptions> options, Throttle throttle, IOptions<IdentityLimits> limits)
    {
        context.Response.Headers.CacheControl = "no-store";
        var attempts = limits.Value.AdminKey(context);
        if (await throttle.RefuseAsync(context, attempts) is { } refusal)
            return refusal;
        // Without a key configured, and with a wrong one, there is nothing here, as everywhere below this path.
        if (KeyOf(options) is not { } key || body.Key is not { Length: > 0 and <= 1024 } sent || !AdminKey.IsRight(sent, key))
            return Problems.Result("not-found");
        await throttle.ForgetAsync(attempts, context.RequestAborted);
        var admin = new ClaimsIdentity([new(ClaimTypes.Role, AdminKey.Role), new(KeyClaimType, PrintOf(key))], Schemes.AdminCookie);
        await context.SignInAsync(Schemes.AdminCookie, new(admin));
        return TypedResults.NoContent();
    }

    public static Ok<AdminWho> Show(HttpContext context, ClaimsPrincipal admin)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new AdminWho(AdminKey.NameOf(admin)));
    }

    public static async Task<NoContent> End(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        await context.SignOutAsync(Schemes.AdminCookie);
        return TypedResults.NoContent();
    }

    public static void Configure(CookieAuthenticationOptions options, Installation installation, IOptionsMonitor<AdminKeyOptions> keys, IServiceProvider services)
    {
        options.Cookie.Name = $"{installation.CookieName}-admin";
        options.Cookie.Path = services.GetService<FeedbackEndpoint>()?.Prefix + Path;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.IsEssential = true;
        options.ExpireTimeSpan = Life;
        options.SlidingExpiration = true;
        options.Events.OnValidatePrincipal = context =>
        {
            // Whoever changes the key means everybody who had the old one.
            if (KeyOf(keys) is not { } key || context.Principal?.FindFirstValue(KeyClaimType) != PrintOf(key))
                context.RejectPrincipal();
            return Task.CompletedTask;
        };
    }

    private static string? KeyOf(IOptionsMonitor<AdminKeyOptions> options) => options.Get(Schemes.AdminKey).Key is { Length: > 0 } key ? key : null;

    private static string PrintOf(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"admin session\n{key}")));
}
