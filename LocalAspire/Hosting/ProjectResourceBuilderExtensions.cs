using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Runtime;

namespace Aspire.Hosting;

public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project of the solution. Its endpoints and environment come from its launch profile.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var project = new TProject();
        var profile = LaunchProfile.Read(project.ProjectPath);
        var resource = builder.AddResource(new ProjectResource(name))
            .WithAnnotation(new ProjectMetadataAnnotation(project));
        if (profile.HttpPort is { } port)
            resource.WithHttpEndpoint(port, name: "http");
        foreach (var (key, value) in profile.Environment)
            resource.WithEnvironment(key, value);
        return resource;
    }

    /// <summary>Runs the project several times behind one URL.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas));
    }
}
