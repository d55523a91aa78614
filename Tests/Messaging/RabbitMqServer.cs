using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Servers;
using AspireFeedback.LocalAspire.Testing;
using AspireFeedback.Tests.Messaging;
using Xunit;

[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace AspireFeedback.Tests.Messaging;

/// <summary>The AppHost's broker alone, started by the first test that wants it.</summary>
public sealed class RabbitMqServer : IAsyncLifetime
{
    private const string Resource = "messaging";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private readonly SemaphoreSlim _gate = new(1);
    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication? _app;

    public string ConnectionString { get; private set; } = "";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task EnsureStartedAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_app is null)
            {
                await StartFirstAsync(cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public string Log => _app?.LogsOf(Resource, 100000) ?? "";

    public Task StopAsync(CancellationToken cancellationToken) => Broker.StopAsync(cancellationToken);

    public Task KillAsync(CancellationToken cancellationToken) => Broker.KillAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Broker.StartAsync(cancellationToken);

    /// <summary>Runs a line of Erlang in the broker, for what its configuration fixes at the start.</summary>
    public async Task EvaluateAsync(string erlang, CancellationToken cancellationToken)
    {
        var control = Path.Combine(Path.GetDirectoryName(ServerBinaries.RabbitMq())!, "rabbitmqctl");
        var start = new ProcessStartInfo(control, ["eval", erlang]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var environment = await File.ReadAllTextAsync($"/proc/{Broker.ProcessId}/environ", cancellationToken);
        foreach (var variable in environment.Split('\0').Select(line => line.Split('=', 2)).Where(pair => pair is ["HOME" or "RABBITMQ_NODENAME" or "ERL_EPMD_PORT", _]))
            start.Environment[variable[0]] = variable[1];
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"rabbitmqctl eval {erlang}: {string.Concat(said)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_builder is not null)
        {
            await _builder.DisposeAsync();
        }

        _gate.Dispose();
    }

    private Replica Broker => (_app ?? throw new InvalidOperationException("The broker was never started.")).Server(Resource);

    private async Task StartFirstAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(limit.Token);
        foreach (var other in _builder.Resources.Where(resource => resource.Name != Resource).ToList())
        {
            _builder.Resources.Remove(other);
        }

        _app = await _builder.BuildAsync(limit.Token);
        await _app.StartAsync(limit.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync(Resource, limit.Token);
        ConnectionString = await _app.GetConnectionStringAsync(Resource, limit.Token) ?? throw new InvalidOperationException("The broker has no address.");
    }
}
