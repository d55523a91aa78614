using System.Runtime.InteropServices;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Programs;

/// <summary>One replica of a project or of an executable.</summary>
internal sealed class ProgramWorkload(IResource resource, string instanceId, IReadOnlyDictionary<string, int> ports, TelemetryTarget? telemetry) : Workload
{
    public override string? Url => Endpoint("http") is { } endpoint ? AddressOf(endpoint) : null;

    public override bool IsServer => false;

    public override int PortOf(string endpointName) => ports[endpointName];

    public override async Task<Launch> PrepareAsync(CancellationToken cancellationToken)
    {
        var arguments = resource.Annotations.OfType<CommandLineArgsAnnotation>().SelectMany(a => a.Args);
        var launch = resource switch
        {
            ProjectResource project => ForProject(project, arguments),
            ExecutableResource executable => new Launch(Locate(executable), [.. arguments], executable.WorkingDirectory),
            _ => throw new InvalidOperationException($"{resource} is no program."),
        };
        return launch with
        {
            InheritEnvironment = true,
            Environment = await ProgramEnvironment.ForAsync(resource, instanceId, ports, telemetry, cancellationToken),
        };
    }

    public override async Task<string?> CheckHealthAsync(CancellationToken cancellationToken)
    {
        foreach (var check in resource.Annotations.OfType<HttpHealthCheckAnnotation>())
        {
            // As with Aspire https first: a program that sends everybody there answers http with a redirection.
            var endpoint = check.EndpointName is { } name ? Endpoints.First(e => e.Name == name) : Endpoint("https")!;
            if (await ProgramProbe.GetAsync(new Uri(AddressOf(endpoint) + check.Path), check.StatusCode, cancellationToken) is { } reason)
                return reason;
        }

        return ports.Count > 0 ? await TcpProbe.ConnectAsync("localhost", ports.Values.First(), cancellationToken) : null;
    }

    private IEnumerable<EndpointAnnotation> Endpoints => resource.Annotations.OfType<EndpointAnnotation>();

    /// <summary>The endpoint of that scheme, or another where there is none.</summary>
    private EndpointAnnotation? Endpoint(string preferred) => Endpoints.OrderByDescending(e => e.UriScheme == preferred).ThenByDescending(e => e.IsHttp).FirstOrDefault();

    private string AddressOf(EndpointAnnotation endpoint) => $"{endpoint.UriScheme}://localhost:{ports[endpoint.Name]}";

    // From the build output, which the build of the AppHost has just brought up to date, with the project's directory as content root.
    private static Launch ForProject(ProjectResource resource, IEnumerable<string> arguments)
    {
        var project = resource.Annotations.OfType<ProjectMetadataAnnotation>().Single().Project;
        if (project is not IBuiltProject { AssemblyPath: { } assembly })
            throw new DistributedApplicationException($"{project.ProjectPath} has no known build output.");
        if (!File.Exists(assembly))
            throw new DistributedApplicationException($"{assembly} is not there. Build the AppHost first.");
        return new Launch(Dotnet(), ["exec", assembly, .. arguments], Path.GetDirectoryName(project.ProjectPath)!);
    }

    // The one whose runtime runs the AppHost; the one on the path may be another, or none.
    private static string Dotnet()
    {
        var own = Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());
        return File.Exists(own) ? own : ExecutablePath.Find("dotnet") ?? "dotnet";
    }

    private static string Locate(ExecutableResource executable) => executable.Command.Contains('/')
        ? Path.GetFullPath(executable.Command, executable.WorkingDirectory)
        : ExecutablePath.Find(executable.Command) ?? throw new DistributedApplicationException($"{executable.Command} is not installed.");
}
