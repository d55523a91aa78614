using AspireFeedback.Backend.Handling;
using AspireFeedback.Tests.Messaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AspireFeedback.Tests.EndToEnd;

/// <summary>
/// Our own backend on the real broker, within the test's process. As far as the broker and Web can tell it dies as a killed process does: in the
/// middle of whatever it does its connections are gone, and no word of it arrives any more. Its handlers may ask for it to be killed.
/// </summary>
internal sealed class MortalWorker : IAsyncDisposable
{
    private readonly CuttableProxy _connections;
    private readonly TaskCompletionSource _death = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IHost _host;

    private MortalWorker(string broker, Action<RequestHandlingOptions> configure)
    {
        _connections = new(broker);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:messaging", _connections.ConnectionString), new("Handling:ShutdownGrace", "00:00:01")]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(this);
        builder.AddRequestHandling(configure);
        _host = builder.Build();
    }

    public Task Death => _death.Task;

    /// <summary>For a handler that waits until its test has seen something.</summary>
    public TaskCompletionSource Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IServiceProvider Services => _host.Services;

    public static async Task<MortalWorker> StartAsync(string broker, Action<RequestHandlingOptions> configure, CancellationToken cancellationToken)
    {
        var worker = new MortalWorker(broker, configure);
        await worker._host.StartAsync(cancellationToken);
        return worker;
    }

    public async Task DieAsync()
    {
        await _connections.DisposeAsync();
        _death.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        if (!Death.IsCompleted)
            await _connections.DisposeAsync();
    }
}
