using Aspire.Hosting;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Testing;

/// <summary>One process of a resource under test. It keeps its port and data whatever is done to it.</summary>
public sealed class Replica
{
    private readonly DistributedApplication _app;
    private readonly Instance _instance;

    internal Replica(DistributedApplication app, Instance instance, int index) => (_app, _instance, Index) = (app, instance, index);

    public int Index { get; }

    /// <summary>As in logs and on the console, and the service.instance.id of its telemetry.</summary>
    public string Name => _instance.Id;

    /// <summary>The replica's own address, past the proxy; for a server host:port.</summary>
    public string Url => _instance.Url ?? throw new InvalidOperationException($"{Name} has no address.");

    /// <summary>Null while it is down.</summary>
    public int? ProcessId => _instance.ProcessId;

    /// <summary>SIGKILL; it stays down until <see cref="StartAsync"/>.</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => _instance.KillAsync(cancellationToken);

    /// <summary>SIGKILL; it is restarted as after any crash.</summary>
    public Task CrashAsync() => _instance.CrashAsync();

    /// <summary>Asks it to end, and kills it after a few seconds; it stays down until <see cref="StartAsync"/>.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _instance.StopAsync(cancellationToken);

    /// <summary>Returns when it is healthy.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (!await _instance.StartAsync(cancellationToken))
            throw new InvalidOperationException($"{Name} did not start:\n{string.Join('\n', _instance.Log.Last(20))}");
        await WaitUntilHealthyAsync(cancellationToken);
    }

    /// <summary>SIGSTOP: it keeps its connections and answers nothing.</summary>
    public Task PauseAsync()
    {
        _instance.Signal(Signals.Stop);
        return Task.CompletedTask;
    }

    /// <summary>SIGCONT.</summary>
    public Task ContinueAsync()
    {
        _instance.Signal(Signals.Continue);
        return Task.CompletedTask;
    }

    public Task WaitUntilHealthyAsync(CancellationToken cancellationToken = default) =>
        _app.ResourceNotifications.WaitForResourceHealthyAsync(Name, cancellationToken);
}
