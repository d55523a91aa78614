using AspireFeedback.Web.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AspireFeedback.Web.Files;

internal static class FilesSetup
{
    /// <summary>Files in PostgreSQL and the capabilities for them. Needs one of the identities.</summary>
    public static IHostApplicationBuilder AddFeedbackFiles(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<FilesOptions>()
            .BindConfiguration("Files")
            .Validate(options => options.MaxBytes is > 0 and <= (long)int.MaxValue * ChunkTable.ChunkSize, "Files:MaxBytes must be positive, and 500 TB at most.")
            .Validate(options => options.MaxBytesPerOwner >= 0, "Files:MaxBytesPerOwner must be positive, or 0 for no limit.")
            .Validate(options => options is { Uploads: > 0, UploadsPerOwner: > 0 }, "Files:Uploads and Files:UploadsPerOwner must be above zero.")
            .ValidateOnStart();
        services.AddSingleton<UploadSlots>();
        services.AddSingleton<ChunkTable>();
        services.AddSingleton<ChunkWriter>();
        services.AddSingleton<IFileStore, PostgresFileStore>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<FileCapabilities>(
            provider, provider.GetService<KeyRing>()?.Provider ?? provider.GetRequiredService<IDataProtectionProvider>()));
        services.AddHostedService<FileCleanup>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, CapabilityHandler>(FileCaller.Scheme, null);
        services.AddAuthorizationBuilder().AddPolicy(FileCaller.Policy, policy => policy
            .AddAuthenticationSchemes(Schemes.Caller, FileCaller.Scheme)
            .RequireAssertion(context => Owner.Of(context.User) is not null || context.User.Identities.OfType<CapabilityIdentity>().Any()));
        return builder;
    }
}
