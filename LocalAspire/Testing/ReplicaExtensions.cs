using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace AspireFeedback.LocalAspire.Testing;

/// <summary>What Aspire's own testing has not: power over a single replica or server.</summary>
public static class ReplicaExtensions
{
    /// <summary>The replicas of a project, in order; of a server the one process.</summary>
    public static IReadOnlyList<Replica> Replicas(this DistributedApplication app, string resourceName)
    {
        var instances = app.ApplicationRun.Find(resourceName).Where(i => !i.IsPart).ToList();
        return instances.Count > 0
            ? [.. instances.Select((instance, index) => new Replica(app, instance, index))]
            : throw new ArgumentException($"Nothing runs as '{resourceName}'.", nameof(resourceName));
    }

    /// <summary>A server, or the first replica of a project.</summary>
    public static Replica Server(this DistributedApplication app, string resourceName) => app.Replicas(resourceName)[0];

    /// <summary>Stops every replica at once; each stays down until it is started.</summary>
    public static Task StopReplicasAsync(this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        Task.WhenAll(app.Replicas(resourceName).Select(replica => replica.StopAsync(cancellationToken)));

    /// <summary>Returns when every replica is healthy.</summary>
    public static Task StartReplicasAsync(this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        Task.WhenAll(app.Replicas(resourceName).Select(replica => replica.StartAsync(cancellationToken)));

    /// <summary>What the processes of a resource, or of everything, wrote last; for the message of a test that fails.</summary>
    public static string LogsOf(this DistributedApplication app, string? resourceName = null, int lines = 200)
    {
        var instances = resourceName is null ? app.ApplicationRun.Instances : app.ApplicationRun.Find(resourceName);
        return string.Join('\n', instances.SelectMany(i => i.Log.Last(lines).Select(line => $"{i.Id} | {line}")));
    }

    /// <summary>Sets an environment variable of a resource over whatever the AppHost says.</summary>
    public static T WithResourceEnvironment<T>(this T builder, string resourceName, string name, string value) where T : IDistributedApplicationBuilder
    {
        var resource = builder.Resources.OfType<IResourceWithEnvironment>().FirstOrDefault(r => r.Name == resourceName)
            ?? throw new ArgumentException($"There is no such resource: '{resourceName}'.", nameof(resourceName));
        builder.CreateResourceBuilder(resource).WithEnvironment(name, value);
        return builder;
    }

    /// <summary>Runs another build of a project in place of the one that belongs to the AppHost. Its content root stays where it was.</summary>
    public static T WithResourceAssembly<T>(this T builder, string resourceName, string assembly) where T : IDistributedApplicationBuilder
    {
        var resource = builder.Resources.OfType<ProjectResource>().FirstOrDefault(r => r.Name == resourceName)
            ?? throw new ArgumentException($"There is no such project: '{resourceName}'.", nameof(resourceName));
        var own = resource.Annotations.OfType<ProjectMetadataAnnotation>().Single();
        resource.Annotations.Remove(own);
        resource.Annotations.Add(new ProjectMetadataAnnotation(new OtherBuild(own.Project.ProjectPath, Path.GetFullPath(assembly))));
        return builder;
    }

    private sealed record OtherBuild(string ProjectPath, string AssemblyPath) : IBuiltProject;
}
