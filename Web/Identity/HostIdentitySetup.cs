using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AspireFeedback.Web.Identity;

internal static class HostIdentitySetup
{
    /// <summary>Instead of <see cref="IdentitySetup.AddFeedbackIdentity"/>: the application's users are the owners. Its default scheme, cookies and keys stay as they are.</summary>
    public static IHostApplicationBuilder AddHostIdentity(this IHostApplicationBuilder builder, HostIdentity host)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Installation>().AddSingleton<DataProtectionKeys>().AddSingleton<KeyRing>();
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<IdentityStart>(provider, provider.GetRequiredService<KeyRing>().Provider));
        services.AddAuthentication()
            .AddScheme<HostCallerOptions, HostCaller>(Schemes.Caller, options => options.Host = host)
            .AddScheme<AdminKeyOptions, AdminKey>(Schemes.AdminKey, options => options.Key = builder.Configuration["Admin:Key"]);
        services.AddSingleton<OwnerStandings>().AddSingleton<OpenCalls>().AddSingleton<CarryOver>();
        services.AddHostedService<OwnerWatch>();
        services.AddAuthorizationBuilder()
            .AddPolicy(Owner.Policy, policy => policy.AddAuthenticationSchemes(Schemes.Caller).RequireAuthenticatedUser().RequireClaim(Owner.ClaimType))
            .AddPolicy(AdminKey.Policy, policy => policy.AddAuthenticationSchemes(Schemes.AdminKey, Schemes.Caller).RequireRole(AdminKey.Role));
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, Refusals>();
        return builder;
    }

    /// <summary><c>GET /me</c>; everything else about an identity is the application's own business.</summary>
    public static void MapHostIdentity(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/me", MeEndpoint.ShowUser).WithTags("Me").RequireAuthorization(Owner.Policy).WithSummary("Who the caller is.");
}

/// <summary>
/// The keys that sign capabilities for files, in the log's database, so that any instance reads what another one issued. Apart from the
/// application's own data protection, wherever that keeps its keys.
/// </summary>
internal sealed class KeyRing : IDisposable
{
    private readonly ServiceProvider _services;

    public KeyRing(DataProtectionKeys keys)
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("AspireFeedback").AddKeyManagementOptions(options => options.XmlRepository = keys);
        _services = services.BuildServiceProvider();
        Provider = _services.GetRequiredService<IDataProtectionProvider>();
    }

    public IDataProtectionProvider Provider { get; }

    public void Dispose() => _services.Dispose();
}
