using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>What no start can mend, told before the first process starts.</summary>
internal static class Misdescribed
{
    public static void Check(IEnumerable<IResource> resources)
    {
        foreach (var resource in resources)
        {
            foreach (var check in resource.Annotations.OfType<HttpHealthCheckAnnotation>())
            {
                if (!resource.Annotations.OfType<EndpointAnnotation>().Any(e => e.IsHttp && e.Name == (check.EndpointName ?? e.Name)))
                    throw new DistributedApplicationException(NoEndpoint(resource, check));
            }
        }
    }

    private static string NoEndpoint(IResource resource, HttpHealthCheckAnnotation check)
    {
        var message = $"The health check {check.Path} of '{resource.Name}' has no endpoint '{check.EndpointName ?? "http"}' to ask.";
        if (resource.Annotations.OfType<ProjectMetadataAnnotation>().SingleOrDefault() is not { } metadata)
            return message;

        var settings = LaunchProfile.PathFor(metadata.Project.ProjectPath);
        return File.Exists(settings)
            ? $"{message} Its launch profile in {settings} has no such applicationUrl."
            : $"{message} A project gets its endpoints from launchSettings.json, and there is no {settings}. Add one, or call WithHttpEndpoint().";
    }
}
