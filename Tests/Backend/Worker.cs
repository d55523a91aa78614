using System.Diagnostics;
using System.Text.Json;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using AspireFeedback.Messaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AspireFeedback.Tests.Backend;

internal sealed record Job(string Name = "");

internal sealed record JobDone(string Text);

/// <summary>What the test wants its handler to do.</summary>
internal delegate Task<JobDone> JobScript(Job job, HandlerContext context, CancellationToken cancellationToken);

internal sealed class JobHandler(JobScript script) : IRequestHandler<Job, JobDone>
{
    public Task<JobDone> HandleAsync(Job request, HandlerContext context, CancellationToken cancellationToken) => script(request, context, cancellationToken);
}

/// <summary>The runtime of a worker process with one kind, on a broker in memory and a clock that the test moves.</summary>
internal sealed class Worker : IAsyncDisposable
{
    private readonly IHost _host;

    private Worker(IHost host, InMemoryTransport broker, ManualTime time, Kind<Job, JobDone> kind) => (_host, Broker, Time, Kind) = (host, broker, time, kind);

    public static Kind<Job, JobDone> Plain { get; } = new("job", KindPolicy.Default);

    public InMemoryTransport Broker { get; }

    public ManualTime Time { get; }

    public Kind<Job, JobDone> Kind { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>Reports with a body, in the order of their confirms.</summary>
    public IReadOnlyList<RunReport> Reports =>
        [.. Broker.Reports.Where(x => x.Type == MessageTypes.Report).Select(x => JsonSerializer.Deserialize<RunReport>(x.Body.Span, FeedbackJson.Options)!)];

    public IReadOnlyList<RunOutcome> Outcomes => [.. Reports.Select(x => x.Outcome).OfType<RunOutcome>()];

    public static async Task<Worker> StartAsync(
        JobScript script,
        Kind<Job, JobDone>? kind = null,
        TimeSpan? timeout = null,
        InMemoryTransport? broker = null,
        Action<IServiceCollection>? configure = null,
        IReadOnlyList<Type>? permanent = null)
    {
        kind ??= Plain;
        broker ??= new();
        var time = new ManualTime();
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new("Handling:ShutdownGrace", "00:00:08")]);
        builder.Services.AddSingleton<ITransport>(broker).AddSingleton<TimeProvider>(time).AddSingleton(script);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddHandling(HealthStatus.Degraded).AddHandler(HandlerRegistration.Of<JobHandler>(kind, concurrency: 16, timeout, permanent));
        configure?.Invoke(builder.Services);
        var worker = new Worker(builder.Build(), broker, time, kind);
        await worker._host.StartAsync();
        return worker;
    }

    public Message Publish(Func<Message, Message>? change = null) => Broker.Publish(Kind, new Job(), change);

    public Task CancelAsync(Guid request, string reason = "canceled", Guid? run = null, int? upToAttempt = null) => Broker.SendControlAsync(
        new(request, Guid.CreateVersion7(), MessageTypes.Stop, JsonSerializer.SerializeToUtf8Bytes(new StopWork(reason, run, upToAttempt), FeedbackJson.Options)),
        CancellationToken.None);

    public Task StopAsync() => _host.StopAsync();

    /// <summary>Waits, while the test's clock moves on in steps of so many milliseconds.</summary>
    public async Task UntilAsync(Func<bool> condition, int clockStep = 0)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(20))
                throw new TimeoutException($"Still waiting. So far: {string.Join(", ", Broker.Journal)}");
            if (clockStep > 0)
                Time.Advance(TimeSpan.FromMilliseconds(clockStep));
            await Task.Delay(1);
        }
    }

    public Task SettledAsync(int count = 1, int clockStep = 0) =>
        UntilAsync(() => Broker.Journal.Count(x => x is "acknowledge" or "return" or "dead-letter") >= count, clockStep);

    public async ValueTask DisposeAsync()
    {
        // Whatever a test leaves running is stopped as if the process went down at once.
        Services.GetRequiredService<Runner>().GiveUp();
        await _host.StopAsync();
        _host.Dispose();
    }
}
