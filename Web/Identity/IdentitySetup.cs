using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Identity;

internal static class IdentitySetup
{
    /// <summary>Browsers cap a cookie's life at 400 days; a visit in the second half of it begins the next 400.</summary>
    private static readonly TimeSpan CookieLife = TimeSpan.FromDays(400);

    /// <summary>Guests, users, bearer tokens and admins; policies <see cref="Owner.Policy"/> and <see cref="AdminKey.Policy"/>. Needs the migrated database when the host starts.</summary>
    /// <param name="providers">
    /// Adds identity providers, OpenID Connect for example, each with <see cref="Schemes.Cookie"/> as the scheme that it signs in to, and with
    /// <see cref="ExternalSignIn.AcceptAsync"/> as the way from its claims to an owner. See <c>docs/sign-in.md</c>.
    /// </param>
    public static IHostApplicationBuilder AddFeedbackIdentity(this IHostApplicationBuilder builder, Action<AuthenticationBuilder>? providers = null)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Installation>();
        // Before data protection's own start, which loads the key ring without a lock.
        services.AddHostedService<IdentityStart>();
        services.AddSingleton<DataProtectionKeys>();
        services.AddDataProtection().SetApplicationName("AspireFeedback");
        services.AddOptions<KeyManagementOptions>().Configure<DataProtectionKeys>((options, keys) => options.XmlRepository = keys);
        // Keys are as secret as the database that they are in; the warning that they are not encrypted once more says nothing new at each start.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);

        var authentication = services.AddAuthentication(Schemes.Caller)
            .AddPolicyScheme(Schemes.Caller, null, options =>
                options.ForwardDefaultSelector = context => context.Request.Headers.Authorization.Count > 0 ? Schemes.Bearer : Schemes.Cookie)
            .AddCookie(Schemes.Cookie)
            .AddCookie(Schemes.AdminCookie)
            .AddBearerToken(Schemes.Bearer)
            .AddScheme<AdminKeyOptions, AdminKey>(Schemes.AdminKey, options => options.Key = builder.Configuration["Admin:Key"]);
        providers?.Invoke(authentication);
        services.AddSingleton<OwnerStandings>().AddSingleton<OpenCalls>().AddSingleton<CarryOver>().AddSingleton<Throttle>();
        services.AddSingleton<PairingCodes>().AddSingleton<UserNames>().AddSingleton<Passwords>();
        services.AddSingleton<IPasswordHasher<Passwords>, PasswordHasher<Passwords>>();
        services.AddSingleton<IClaimsTransformation, CurrentOwner>();
        services.AddHostedService<OwnerWatch>();
        services.AddOptions<IdentityLimits>().BindConfiguration(IdentityLimits.Section)
            .Validate(limits => limits.IsValid(), $"A value in the section '{IdentityLimits.Section}' is out of range: limits are above zero.")
            .ValidateOnStart();
        services.AddOptions<CookieAuthenticationOptions>(Schemes.Cookie).Configure<Installation>(ConfigureCookie);
        services.AddOptions<CookieAuthenticationOptions>(Schemes.AdminCookie).Configure<Installation, IOptionsMonitor<AdminKeyOptions>, IServiceProvider>(AdminSession.Configure);
        services.AddAuthorizationBuilder()
            .AddPolicy(Owner.Policy, policy => policy.RequireAuthenticatedUser().RequireClaim(Owner.ClaimType))
            .AddPolicy(AdminKey.Policy, policy => policy.AddAuthenticationSchemes(Schemes.AdminKey, Schemes.AdminCookie, Schemes.Caller).RequireRole(AdminKey.Role));
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, Refusals>();
        return builder;
    }

    public static IApplicationBuilder UseFeedbackIdentity(this IApplicationBuilder app) => app
        .Use((context, next) => ForeignOrigins.RefuseAsync(context, next))
        .UseAuthentication()
        .Use((context, next) => context.RequestServices.GetRequiredService<OpenCalls>().FollowAsync(context, next))
        .UseAuthorization();

    private static void ConfigureCookie(CookieAuthenticationOptions options, Installation installation)
    {
        options.Cookie.Name = installation.CookieName;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.IsEssential = true;
        options.ExpireTimeSpan = CookieLife;
        options.SlidingExpiration = true;
    }
}
