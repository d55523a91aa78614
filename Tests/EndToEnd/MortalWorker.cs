using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using AspireFeedback.Tests.Messaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AspireFeedback.Tests.EndToEnd;

/// <summary>
/// Our own backend on the real broker, within the test's process, for the kind echo. As far as the broker and Web can tell it dies as a killed process
/// does: in the middle of whatever it does its connections are gone, and no word of it arrives any more.
/// </summary>
internal sealed class MortalWorker : IAsyncDisposable
{
    public const string Deadly = "deadly";

    private readonly CuttableProxy _connections;
    private readonly TaskCompletionSource _death = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IHost _host;

    private MortalWorker(string broker)
    {
        _connections = new(broker);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:messaging", _connections.ConnectionString), new("Handling:ShutdownGrace", "00:00:01")]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(this);
        builder.AddRequestHandling(handling => handling.Add<Handler>(Kinds.Echo, concurrency: 16));
        _host = builder.Build();
    }

    public Task Death => _death.Task;

    public static async Task<MortalWorker> StartAsync(string broker, CancellationToken cancellationToken)
    {
        var worker = new MortalWorker(broker);
        await worker._host.StartAsync(cancellationToken);
        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        if (!Death.IsCompleted)
            await _connections.DisposeAsync();
    }

    private async Task DieAsync()
    {
        await _connections.DisposeAsync();
        _death.TrySetResult();
    }

    private sealed class Handler(MortalWorker worker) : IRequestHandler<EchoRequest, EchoResult>
    {
        public async Task<EchoResult> HandleAsync(EchoRequest request, HandlerContext context, CancellationToken cancellationToken)
        {
            await Task.Delay(request.DelayMs ?? 0, cancellationToken);
            if (request.Text == Deadly)
            {
                await worker.DieAsync();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return new(request.Text);
        }
    }
}
