using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Testing;
using AspireFeedback.Tests.Support;
using Npgsql;
using RabbitMQ.Client;
using Xunit;

namespace AspireFeedback.Tests.Faults.CrashWindows;

/// <summary>
/// The AppHost with two of each, where every replica reaches the broker through a relay of its own. Started by the first test that wants it.
/// </summary>
public sealed class CrashSystem : IAsyncLifetime
{
    private const string Broker = "ConnectionStrings__messaging";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, AmqpRelay> _relays = [];
    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication? _app;
    private NpgsqlDataSource? _database;
    private ConnectionFactory? _broker;
    private IConnection? _connection;

    public DistributedApplication App => _app ?? throw new InvalidOperationException("Ask for EnsureStartedAsync first.");

    public NpgsqlDataSource Database => _database ?? throw new InvalidOperationException("Ask for EnsureStartedAsync first.");

    /// <summary>When all queues were there. RabbitMQ 3.10 may lose the leader of a queue made within the second before it is killed.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task EnsureStartedAsync(CancellationToken cancellationToken)
    {
        if (_app is not null)
            return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(limit.Token);
        _builder.WithOtherPrograms();
        foreach (var project in _builder.Resources.OfType<ProjectResource>().ToList())
            _builder.CreateResourceBuilder(project).WithEnvironment(GoThroughRelay);
        _app = await _builder.BuildAsync(limit.Token);
        await _app.StartAsync(limit.Token);
        foreach (var resource in new[] { "web", "backend", "messaging", "redis" })
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
        _database = LogTables.Of(await _app.GetConnectionStringAsync("feedback", limit.Token));
        _broker = new() { Uri = new(await _app.GetConnectionStringAsync("messaging", limit.Token) ?? ""), AutomaticRecoveryEnabled = false };
        StartedAt = TimeProvider.System.GetUtcNow();
    }

    internal AmqpRelay RelayOf(Replica replica) => _relays[replica.Name];

    /// <summary>The connection past the relays; another one when the broker has been restarted.</summary>
    internal async Task<IConnection> ConnectToBrokerAsync(CancellationToken cancellationToken) =>
        _connection is { IsOpen: true } ? _connection : _connection = await _broker!.CreateConnectionAsync(cancellationToken);

    /// <summary>Whatever a test has done: everything runs again.</summary>
    internal async Task MendAsync(CancellationToken cancellationToken)
    {
        foreach (var relay in _relays.Values)
            relay.Mend();
        Replica[] servers = [App.Server("redis"), App.Server("messaging")];
        await Task.WhenAll(servers.Concat(App.Replicas("web")).Concat(App.Replicas("backend")).Select(async replica =>
        {
            if (replica.ProcessId is null)
                await replica.StartAsync(cancellationToken);
            else
                await replica.ContinueAsync();
            await replica.WaitUntilHealthyAsync(cancellationToken);
        }));
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        if (_app is not null)
            await _app.DisposeAsync();
        if (_builder is not null)
            await _builder.DisposeAsync();
        foreach (var relay in _relays.Values)
            await relay.DisposeAsync();
    }

    // Called for each start of a replica, which keeps its relay.
    private void GoThroughRelay(EnvironmentCallbackContext context)
    {
        var replica = $"{context.EnvironmentVariables["OTEL_RESOURCE_ATTRIBUTES"]}".Split('=')[^1];
        var broker = $"{context.EnvironmentVariables[Broker]}";
        context.EnvironmentVariables[Broker] = _relays.GetOrAdd(replica, _ => new(broker)).ConnectionString;
    }
}
