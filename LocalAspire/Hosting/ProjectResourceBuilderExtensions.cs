using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Runtime;

namespace Aspire.Hosting;

public static class ProjectResourceBuilderExtensions
{
    /// <summary>
    /// Adds a project of the solution. Its endpoints and environment come from its launch profile: the one that is named as the AppHost's own,
    /// otherwise the first.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var project = new TProject();
        return Add(builder, name, project, LaunchProfile.ReadDefault(project.ProjectPath, builder.Configuration["DOTNET_LAUNCH_PROFILE"] ?? "http"));
    }

    /// <summary>Adds a project of the solution with the launch profile of that name; with null it gets neither endpoints nor environment from one.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
    {
        var project = new TProject();
        return Add(builder, name, project, launchProfileName is null ? LaunchProfile.None : LaunchProfile.Read(project.ProjectPath, launchProfileName));
    }

    private static IResourceBuilder<ProjectResource> Add(IDistributedApplicationBuilder builder, string name, IProjectMetadata project, LaunchProfile profile)
    {
        var resource = builder.AddResource(new ProjectResource(name))
            .WithAnnotation(new ProjectMetadataAnnotation(project));
        foreach (var endpoint in profile.Endpoints)
            resource.WithAnnotation(new EndpointAnnotation(endpoint.Name, endpoint.Scheme, endpoint.Port, null, null, isProxied: true));
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
