using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Runtime;
using AspireFeedback.LocalAspire.Testing;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly List<IResource> _resources = [];
    private readonly TestSession? _session;

    public DistributedApplicationBuilder(RunOptions options, string appHostDirectory, TestSession? session)
    {
        (Options, AppHostDirectory, _session) = (options, appHostDirectory, session);
        Configuration.SetBasePath(AppHostDirectory);
        Configuration.AddJsonFile("appsettings.json", optional: true, reloadOnChange: false);
        Configuration.AddEnvironmentVariables();
        Configuration.AddCommandLine([.. Options.ConfigurationArguments]);
        Dashboard = DashboardAddress.Decide(Configuration, Options.IsTest);
        // As with Aspire the AppHost's own address is that of its dashboard: true also where that moved to another port. Tests share one
        // environment, and are not to change it for each other.
        if (!Options.IsTest)
            Environment.SetEnvironmentVariable("ASPNETCORE_URLS", Dashboard?.Url);
    }

    public RunOptions Options { get; }

    public DashboardAddress? Dashboard { get; }

    public ConfigurationManager Configuration { get; } = new();

    public string AppHostDirectory { get; }

    public ICollection<IResource> Resources => _resources;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (_resources.Any(r => r.Name.Equals(resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new DistributedApplicationException($"There is already a resource named '{resource.Name}'.");

        _resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _session?.OfferBuilder(this);
        var application = new DistributedApplication(this, _session);
        _session?.OfferApplication(application);
        return application;
    }
}
