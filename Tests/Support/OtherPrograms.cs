using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Testing;

namespace AspireFeedback.Tests.Support;

/// <summary>
/// <c>SYSTEM_WEB</c> and <c>SYSTEM_BACKEND</c> name assemblies of another build (<c>docs/stacks.md</c>), which then run in place of those that belong to
/// the AppHost: both, or one of them beside the other's own.
/// </summary>
internal static class OtherPrograms
{
    public static void WithOtherPrograms(this IDistributedApplicationTestingBuilder builder)
    {
        foreach (var project in builder.Resources.OfType<ProjectResource>().ToList())
        {
            if (Environment.GetEnvironmentVariable(project.Name == "web" ? "SYSTEM_WEB" : "SYSTEM_BACKEND") is { Length: > 0 } assembly)
                builder.WithResourceAssembly(project.Name, assembly);
        }
    }
}
