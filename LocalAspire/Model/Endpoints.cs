namespace Aspire.Hosting.ApplicationModel;

/// <summary>A place where a resource can be reached. <see cref="Port"/> is the wanted public port, the allocated one is known after start.</summary>
public sealed class EndpointAnnotation(string name, string uriScheme, int? port, int? targetPort, string? env, bool isProxied) : IResourceAnnotation
{
    public string Name { get; } = name;

    public string UriScheme { get; } = uriScheme;

    internal bool IsHttp => UriScheme is "http" or "https";

    public int? Port { get; } = port;

    public int? TargetPort { get; } = targetPort;

    /// <summary>The environment variable that tells a process its own port, if any.</summary>
    public string? TargetPortEnvironmentVariable { get; } = env;

    public bool IsProxied { get; } = isProxied;

    public bool IsExternal { get; set; }

    public AllocatedEndpoint? AllocatedEndpoint { get; internal set; }
}

public sealed record AllocatedEndpoint(string UriScheme, string Address, int Port)
{
    public string UriString => $"{UriScheme}://{Address}:{Port}";
}

/// <summary>An endpoint of a resource, usable as a value before its port is known.</summary>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IValueProvider
{
    public IResourceWithEndpoints Resource => owner;

    public string EndpointName => endpointName;

    public bool IsAllocated => Find()?.AllocatedEndpoint is not null;

    public string Url => Allocated.UriString;

    public int Port => Allocated.Port;

    private AllocatedEndpoint Allocated => Find() switch
    {
        null => throw new InvalidOperationException($"'{owner.Name}' has no endpoint '{endpointName}'. A project gets its endpoints from launchSettings.json."),
        { AllocatedEndpoint: { } allocated } => allocated,
        _ => throw new InvalidOperationException($"The endpoint '{endpointName}' of '{owner.Name}' has no port before the application starts."),
    };

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    private EndpointAnnotation? Find() => owner.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(e => e.Name == endpointName);
}
