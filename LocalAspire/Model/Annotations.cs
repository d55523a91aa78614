namespace Aspire.Hosting.ApplicationModel;

/// <summary>Adds environment variables each time a process of the resource starts; values may be <see cref="IValueProvider"/>.</summary>
public sealed class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}

public sealed class EnvironmentCallbackContext(CancellationToken cancellationToken = default)
{
    public Dictionary<string, object> EnvironmentVariables { get; } = [];

    public CancellationToken CancellationToken { get; } = cancellationToken;
}

internal sealed record ReplicaAnnotation(int Replicas) : IResourceAnnotation;

internal sealed record WaitAnnotation(IResource Resource, WaitBehavior? Behavior) : IResourceAnnotation;

/// <summary>The resource is told of the other; for whoever wants to see who uses whom.</summary>
internal sealed record ReferenceAnnotation(IResource Resource) : IResourceAnnotation;

internal sealed record HttpHealthCheckAnnotation(string Path, int StatusCode, string? EndpointName) : IResourceAnnotation;

internal sealed record CommandLineArgsAnnotation(IReadOnlyList<string> Args) : IResourceAnnotation;

internal sealed record ProjectMetadataAnnotation(IProjectMetadata Project) : IResourceAnnotation;

/// <summary>A volume says that data is to be kept; without one a server gets fresh data at every start.</summary>
internal sealed record DataVolumeAnnotation : IResourceAnnotation
{
    // A server's data directory is named after its resource, so a volume's own name has nothing to decide here.
    public static DataVolumeAnnotation For(string? name, bool isReadOnly) =>
        isReadOnly ? throw new DistributedApplicationException($"The volume '{name}' is read-only: a server cannot start on it.") : new();
}
