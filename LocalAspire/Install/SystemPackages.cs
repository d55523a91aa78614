using Aspire.Hosting;

namespace AspireFeedback.LocalAspire.Install;

/// <summary>Brings programs that are not installed.</summary>
public static class SystemPackages
{
    internal static Task InstallAsync(IReadOnlyList<SystemPackage> missing, bool noInstall, CancellationToken cancellationToken) =>
        throw new DistributedApplicationException("Not installed: " + string.Join(", ", missing.Select(m => m.Name)));
}
