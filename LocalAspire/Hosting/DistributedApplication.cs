using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Runtime;
using AspireFeedback.LocalAspire.Testing;

namespace Aspire.Hosting;

/// <summary>The whole system: servers, projects, and what connects them.</summary>
public sealed class DistributedApplication : IAsyncDisposable, IDisposable
{
    private readonly TestSession? _session;

    internal DistributedApplication(DistributedApplicationBuilder builder, TestSession? session)
    {
        _session = session;
        ApplicationRun = new ApplicationRun(
            builder.Resources, builder.Configuration, builder.Options, builder.Dashboard, builder.AppHostDirectory, ResourceNotifications);
        ResourceCommands = new ResourceCommandService(ApplicationRun);
    }

    public ResourceNotificationService ResourceNotifications { get; } = new();

    public ResourceCommandService ResourceCommands { get; }

    internal ApplicationRun ApplicationRun { get; }

    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        var session = TestSession.Current;
        var appHost = session?.AppHost ?? Assembly.GetEntryAssembly() ?? Assembly.GetCallingAssembly();
        // Written by the build of the AppHost; the kept data belongs to this directory.
        var directory = appHost.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "apphostprojectpath")?.Value;
        return new DistributedApplicationBuilder(
            RunOptions.Parse(session?.Arguments ?? args, isTest: session is not null), directory ?? Directory.GetCurrentDirectory(), session);
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => ApplicationRun.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken = default) => ApplicationRun.StopAsync(cancellationToken);

    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Starts everything and returns after Ctrl+C, SIGTERM or SIGHUP, with everything stopped.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_session is not null)
        {
            // Under test the test starts and disposes the application; the entry point only has to stay until then.
            await _session.Ended.WaitAsync(cancellationToken);
            return;
        }

        await using (this)
            Environment.ExitCode = await ForegroundRun.RunAsync(ApplicationRun, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await ApplicationRun.DisposeAsync();
        _session?.End();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
