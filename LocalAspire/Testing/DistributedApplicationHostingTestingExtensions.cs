using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Testing;

public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>A client of the resource's public address, where each connection may reach another replica.</summary>
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = null) =>
        new() { BaseAddress = app.GetEndpoint(resourceName, endpointName) };

    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null) =>
        new(Find<IResourceWithEndpoints>(app, resourceName).Annotations.OfType<EndpointAnnotation>()
            .OrderByDescending(e => e.Name == (endpointName ?? "http"))
            .FirstOrDefault(e => endpointName is null || e.Name == endpointName)?.AllocatedEndpoint?.UriString
            ?? throw new ArgumentException($"'{resourceName}' has no endpoint, or the application has not started.", nameof(endpointName)));

    public static ValueTask<string?> GetConnectionStringAsync(
        this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        Find<IResourceWithConnectionString>(app, resourceName).GetConnectionStringAsync(cancellationToken);

    private static T Find<T>(DistributedApplication app, string name) where T : IResource =>
        app.ApplicationRun.Resources.OfType<T>().FirstOrDefault(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no such resource: '{name}'.", nameof(name));
}
