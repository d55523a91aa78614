using Aspire.Hosting;
using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Testing;
using AspireFeedback.Tests.Faults.CrashWindows;
using AspireFeedback.Tests.Support;
using Xunit;

namespace AspireFeedback.Tests.EndToEnd;

/// <summary>
/// Tests that share a running system, this one or that of the crash windows, and may disturb it as long as they mend it: one at a time. Two systems
/// under load at once, on a machine of two cores, make their tests wait for one another rather than for what they test.
/// </summary>
[CollectionDefinition(Name)]
public sealed class SystemTests : ICollectionFixture<RunningSystem>, ICollectionFixture<CrashSystem>
{
    public const string Name = "running system";
}

/// <summary>The AppHost with two of each on real servers, started by the first test that wants it.</summary>
public sealed class RunningSystem : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);
    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication? _app;
    private SpanCollector? _spans;

    /// <summary>What Web and Backend have traced.</summary>
    public SpanCollector Spans => _spans ?? throw new InvalidOperationException("Ask for StartAsync first.");

    /// <summary>Where the backends write what their echoes did.</summary>
    public string Ledger { get; } = Directory.CreateTempSubdirectory("ledger-").FullName;

    public DistributedApplication App => _app ?? throw new InvalidOperationException("Ask for StartAsync first.");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task<DistributedApplication> StartAsync(CancellationToken cancellationToken) => _app ??= await StartNewAsync(cancellationToken);

    /// <summary>Somebody with an identity of their own.</summary>
    public async Task<Person> NewPersonAsync(CancellationToken cancellationToken)
    {
        var app = await StartAsync(cancellationToken);
        return await Person.ArriveAsync(app.GetEndpoint("web"), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        if (_builder is not null)
            await _builder.DisposeAsync();
        if (_spans is not null)
            await _spans.DisposeAsync();
        Directory.Delete(Ledger, recursive: true);
    }

    private async Task<DistributedApplication> StartNewAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(limit.Token);
        _builder.WithOtherPrograms();
        _spans = await SpanCollector.StartAsync(limit.Token);
        _builder.WithResourceEnvironment("backend", "Echo__Ledger", Ledger);
        foreach (var resource in new[] { "web", "backend", "payment", "stock", "shipping" })
        {
            _builder.WithResourceEnvironment(resource, "OTEL_EXPORTER_OTLP_ENDPOINT", _spans.Endpoint)
                .WithResourceEnvironment(resource, "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
                .WithResourceEnvironment(resource, "OTEL_BSP_SCHEDULE_DELAY", "200");
        }

        var app = await _builder.BuildAsync(limit.Token);
        try
        {
            await app.StartAsync(limit.Token);
            foreach (var resource in new[] { "web", "backend", "payment", "stock", "shipping", "messaging", "redis" })
                await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
            return app;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The system did not start.\n{app.LogsOf()}");
        }
    }
}
