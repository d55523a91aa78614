using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Where a resource can be reached.</summary>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Adds an HTTP endpoint. Clients use <paramref name="port"/>; each replica listens on its own behind it.</summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints
    {
        var endpoint = new EndpointAnnotation(name ?? "http", "http", port, targetPort, env, isProxied ?? true);
        if (builder.Resource.Annotations.OfType<EndpointAnnotation>().Any(e => e.Name == endpoint.Name))
            throw new DistributedApplicationException($"'{builder.Resource.Name}' already has an endpoint named '{endpoint.Name}'.");
        return builder.WithAnnotation(endpoint);
    }

    /// <summary>Marks the HTTP endpoints as meant for users; on a developer's machine they stay on loopback.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.IsHttp))
            endpoint.IsExternal = true;
        return builder;
    }

    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints =>
        new(builder.Resource, name);
}
