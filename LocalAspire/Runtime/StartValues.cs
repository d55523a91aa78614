using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Processes;
using Microsoft.Extensions.Configuration;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>Settles everything that resources refer to before the first of them starts: connection strings, parameters, passwords, ports.</summary>
internal static class StartValues
{
    public static void Resolve(IReadOnlyCollection<IResource> resources, IConfiguration configuration, DataDirectory data, List<int> ports)
    {
        foreach (var resource in resources)
        {
            switch (resource)
            {
                case ParameterResource parameter:
                    parameter.Value = configuration[$"Parameters:{parameter.Name}"]
                        ?? (parameter.Secret ? data.Secrets.GetOrGenerate(parameter.Name) : throw new DistributedApplicationException(
                            $"The parameter '{parameter.Name}' has no value. Give it one with --Parameters:{parameter.Name}=…"));
                    break;
                case ConnectionStringResource connection:
                    connection.Value = configuration.GetConnectionString(connection.Name);
                    break;
                case PostgresDatabaseResource database:
                    database.ExternalConnectionString = configuration.GetConnectionString(database.Name);
                    break;
                case ServerResource server:
                    server.ExternalConnectionString = configuration.GetConnectionString(server.Name);
                    server.GeneratedPassword = data.Secrets.GetOrGenerate($"{server.Name}-password");
                    break;
            }
        }

        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
                endpoint.AllocatedEndpoint = new(endpoint.UriScheme, "localhost", TakePort(resource, endpoint, configuration, data, ports));
        }
    }

    /// <summary>Whether something is there for the server to do: no, when it or all its databases are given from outside.</summary>
    public static bool IsStartedHere(ServerResource server, IReadOnlyCollection<IResource> resources)
    {
        var databases = resources.OfType<PostgresDatabaseResource>().Where(d => d.Parent == server).ToList();
        return server.ExternalConnectionString is null && (databases.Count == 0 || databases.Any(d => d.ExternalConnectionString is null));
    }

    // The same port as last time where that is possible: bookmarks and tools of the user stay valid.
    private static int TakePort(IResource resource, EndpointAnnotation endpoint, IConfiguration configuration, DataDirectory data, List<int> ports)
    {
        var name = $"{resource.Name}-{endpoint.Name}-port";
        // One number for a resource is that of the address that people use; others have a key of their own.
        var main = resource.Annotations.OfType<EndpointAnnotation>().OrderByDescending(e => e.Name == "http").First();
        var key = endpoint == main ? $"Ports:{resource.Name}" : $"Ports:{resource.Name}:{endpoint.Name}";
        var configured = configuration.GetValue<int?>(key);
        var preferred = data.IsTemporary ? configured : configured ?? endpoint.Port ?? (int.TryParse(data.Secrets.Find(name), out var last) ? last : null);
        var port = LoopbackPorts.Take(preferred);
        if (configured is not null && configured != port)
            throw new DistributedApplicationException(
                $"Port {configured} of '{resource.Name}' is taken. End what listens there, or choose another with --{key}=…");
        ports.Add(port);
        if (endpoint.Port is null && configured is null)
            data.Secrets.Set(name, port.ToString(CultureInfo.InvariantCulture));
        return port;
    }
}
