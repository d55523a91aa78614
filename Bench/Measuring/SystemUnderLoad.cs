using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Testing;

namespace AspireFeedback.Bench.Measuring;

/// <summary>The AppHost with fresh data, as it would run in production: Release builds, one trace in a hundred.</summary>
internal sealed class SystemUnderLoad : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(2);
    private static readonly string[] s_programs = ["web", "backend"];

    private readonly IDistributedApplicationTestingBuilder _builder;
    private DistributedApplication _app = null!;

    private SystemUnderLoad(IDistributedApplicationTestingBuilder builder) => _builder = builder;

    /// <summary>Of each Web replica, past the proxy.</summary>
    public IReadOnlyList<string> Replicas => [.. _app.Replicas("web").Select(replica => replica.Url)];

    public string Proxy => _app.GetEndpoint("web").ToString();

    /// <summary>The database of the log.</summary>
    public string Log { get; private set; } = "";

    public static Task<SystemUnderLoad> StartAsync(CancellationToken cancellationToken) => StartAsync(null, cancellationToken);

    /// <param name="other">Its Web and Backend run in place of this build's.</param>
    public static async Task<SystemUnderLoad> StartAsync(OtherBuild? other, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_startLimit);
        var system = new SystemUnderLoad(await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(limit.Token));
        try
        {
            if (other is not null)
                system.RunProgramsOf(other);
            await system.StartProcessesAsync(limit.Token);
            return system;
        }
        catch (Exception e)
        {
            var logs = system._app?.LogsOf(lines: 20);
            await system.DisposeAsync();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new TimeoutException($"The system did not start.\n{logs}");
            throw;
        }
    }

    /// <summary>The replicas of Web, then those of Backend.</summary>
    public IReadOnlyList<ProgramProcess> Programs =>
        [.. s_programs.SelectMany(program => _app.Replicas(program)).Select(replica => new ProgramProcess(replica.Name, IdOf(replica)))];

    /// <summary>The first Web replica anew, so that nothing is left of what it did before.</summary>
    public async Task RestartWebAsync(CancellationToken cancellationToken)
    {
        var replica = _app.Replicas("web")[0];
        await replica.StopAsync(cancellationToken);
        await replica.StartAsync(cancellationToken);
    }

    /// <summary>Everything that takes part; this process as well, since the servers' output passes through it.</summary>
    public IReadOnlyList<CountedProcess> Processes(LoadGenerator load)
    {
        var started = from resource in (string[])["web", "backend", "postgres", "messaging", "redis"]
                      from replica in _app.Replicas(resource)
                      select new CountedProcess(replica.Name, IdOf(replica), WithChildren: true);
        return [.. started, new("load", load.ProcessId, WithChildren: false), new("host", Environment.ProcessId, WithChildren: false)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        await _builder.DisposeAsync();
    }

    private void RunProgramsOf(OtherBuild other)
    {
        foreach (var project in _builder.Resources.OfType<ProjectResource>().ToList())
            _builder.WithResourceAssembly(project.Name, other.AssemblyOf(project.Name == "web" ? "Web" : "Backend"));
    }

    private async Task StartProcessesAsync(CancellationToken cancellationToken)
    {
        foreach (var program in s_programs)
        {
            _builder.WithResourceEnvironment(program, "ASPNETCORE_ENVIRONMENT", "Production")
                .WithResourceEnvironment(program, "DOTNET_ENVIRONMENT", "Production")
                .WithResourceEnvironment(program, "OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
                .WithResourceEnvironment(program, "OTEL_TRACES_SAMPLER_ARG", "0.01");
        }

        _app = await _builder.BuildAsync(cancellationToken);
        await _app.StartAsync(cancellationToken);
        foreach (var resource in (string[])["web", "backend", "messaging", "redis"])
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, cancellationToken);
        foreach (var replica in s_programs.SelectMany(program => _app.Replicas(program)))
        {
            await replica.WaitUntilHealthyAsync(cancellationToken);
            RefuseDebugBuild(replica);
        }

        Log = await _app.GetConnectionStringAsync("feedback", cancellationToken)
            ?? throw new InvalidOperationException("The log has no connection string.");
    }

    private static void RefuseDebugBuild(Replica replica)
    {
        var command = File.ReadAllText($"/proc/{IdOf(replica)}/cmdline").Replace('\0', ' ').Trim();
        if (!command.Contains("/bin/Release/", StringComparison.Ordinal))
            throw new InvalidOperationException($"{replica.Name} is no Release build ({command}). Run: dotnet run -c Release --project Bench");
    }

    private static int IdOf(Replica replica) =>
        replica.ProcessId ?? throw new InvalidOperationException($"{replica.Name} is down.");
}

internal sealed record ProgramProcess(string Name, int Id);
