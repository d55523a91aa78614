using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Dashboard;
using AspireFeedback.LocalAspire.Install;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Proxy;
using AspireFeedback.LocalAspire.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>One run of the application from its first process to its last.</summary>
internal sealed class ApplicationRun(
    ICollection<IResource> resources,
    IConfiguration configuration,
    RunOptions options,
    DashboardAddress? dashboard,
    string appHostDirectory,
    ResourceNotificationService notifications) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<int> _ports = [.. dashboard?.Ports ?? []];
    private readonly List<Instance> _instances = [];
    private readonly List<TcpProxy> _proxies = [];
    private readonly List<Task> _loops = [];
    private Undertaker? _undertaker;
    private bool _stopped;
    private bool _disposed;

    public ResourceNotificationService Notifications => notifications;

    public IReadOnlyCollection<IResource> Resources { get; } = (IReadOnlyCollection<IResource>)resources;

    public RunOptions Options => options;

    /// <summary>What the kept data is named after.</summary>
    public string Name => Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(appHostDirectory).TrimEnd('/'))) is { Length: > 0 } clone ? clone : "AppHost";

    /// <summary>Null when there is none.</summary>
    public DashboardAddress? Dashboard => dashboard;

    /// <summary>The dashboard once it answers.</summary>
    public Task<DashboardStart> DashboardStarted { get; private set; } = Task.FromResult(new DashboardStart(null, null));

    public DataDirectory? Data { get; private set; }

    public IReadOnlyList<Instance> Instances => _instances;

    /// <summary>The order of what all instances write.</summary>
    public ConsoleOrder Console { get; } = new(TimeProvider.System);

    /// <summary>The instances of a resource, or the one instance of that id; parts of another resource only by their id.</summary>
    public IReadOnlyList<Instance> Find(string name) =>
        _instances.Where(i => i.Id == name).ToList() is { Count: > 0 } exact ? exact : [.. _instances.Where(i => i.Resource.Name == name)];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            throw new DistributedApplicationException("LocalAspire runs on Linux and macOS. On Windows use Aspire itself: dotnet run --project AppHost -p:UseAspire=true");

        Misdescribed.Check(Resources);
        Data = options.IsTest ? DataDirectory.OpenTemporary() : DataDirectory.Open(DataLocation.ForKept(), appHostDirectory, options.Reset);
        _undertaker = Undertaker.Start(Data.IsTemporary ? Data.Path : null);
        if (!Data.IsTemporary)
            LeftBehind.Record(Data.Path, _undertaker.Mark);

        StartValues.Resolve(Resources, configuration, Data, _ports);
        var startedHere = Resources.Where(r => r is not ServerResource server || StartValues.IsStartedHere(server, Resources)).ToList();
        await MissingServers.EnsureAsync(startedHere.OfType<ServerResource>(), options, cancellationToken);

        var factory = new InstanceFactory(Data, _undertaker, notifications, TelemetryTarget.Choose(configuration, dashboard), _ports, Console);
        _instances.AddRange(startedHere.SelectMany(factory.For));
        foreach (var resource in Resources)
            StartProxies(resource);
        if (dashboard is not null)
        {
            // Beside the processes: they need seconds, and it only once they have something to tell.
            DashboardStarted = Task.Run(() => DashboardHost.StartAsync(this, dashboard, configuration, _stopping.Token), CancellationToken.None);
        }

        _loops.AddRange(_instances.Select(instance => UntilStopped(instance.RunAsync)));
        foreach (var resource in Resources)
            StartWithoutProcess(resource, startedHere);
    }

    /// <summary>Programs first, then the servers that they use.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped)
            return;

        _stopped = true;
        await _stopping.CancelAsync();
        await Task.WhenAll(_proxies.Select(proxy => proxy.DisposeAsync().AsTask()));
        var (servers, programs) = (_instances.Where(i => i.Resource is ServerResource), _instances.Where(i => i.Resource is not ServerResource));
        try
        {
            await Task.WhenAll(programs.Select(i => i.ShutDownAsync(cancellationToken)));
        }
        finally
        {
            // Also when a program does not end: the servers have data to write.
            await Task.WhenAll(servers.Select(i => i.ShutDownAsync(cancellationToken)));
        }

        await Task.WhenAll(_loops);
    }

    /// <summary>Everything at once, for somebody who does not want to wait.</summary>
    public void Kill()
    {
        foreach (var instance in _instances)
            instance.Signal(Signals.Kill);
    }

    public async ValueTask DisposeAsync()
    {
        // A test disposes both its builder and its application.
        if (Interlocked.Exchange(ref _disposed, true))
            return;

        await StopAsync(CancellationToken.None);
        // After the processes: it shows and records how they end.
        if ((await DashboardStarted).Host is { } started)
            await started.DisposeAsync();

        foreach (var instance in _instances)
            instance.Log.Dispose();
        if (_undertaker is not null)
            await _undertaker.DisposeAsync();
        LoopbackPorts.Return(_ports);
        Data?.Dispose();
        _stopping.Dispose();
    }

    private void StartProxies(IResource resource)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.IsProxied);
        var replicas = _instances.Where(i => i.Resource == resource).ToList();
        foreach (var endpoint in endpoints)
        {
            _proxies.Add(TcpProxy.Start(
                endpoint.AllocatedEndpoint!.Port,
                () => RandomOrder.Of([.. replicas.Select(r => (r.PortOf(endpoint.Name), r.IsRunning, r.IsHealthy))])));
        }
    }

    private void StartWithoutProcess(IResource resource, List<IResource> startedHere)
    {
        if (resource is PostgresDatabaseResource { ExternalConnectionString: null } database)
            _loops.Add(UntilStopped(token => DatabaseWatch.RunAsync(database, notifications, token)));
        else if (resource is ParameterResource or ConnectionStringResource or PostgresDatabaseResource || !startedHere.Contains(resource))
            notifications.Publish(resource, resource.Name, s => s with { State = KnownResourceStates.Running, HealthStatus = HealthStatus.Healthy });
    }

    private async Task UntilStopped(Func<CancellationToken, Task> loop)
    {
        try
        {
            await loop(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }
}
