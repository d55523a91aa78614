using System.Diagnostics;
using AspireFeedback.Tests.Messaging;
using Xunit;

[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace AspireFeedback.Tests.Messaging;

public sealed class RabbitMqServer
{
    private static string Script => Environment.GetEnvironmentVariable("FEEDBACK_TEST_BROKER") ?? throw new InvalidOperationException("FEEDBACK_TEST_BROKER");

    public string ConnectionString => Environment.GetEnvironmentVariable("FEEDBACK_TEST_BROKER_URI")!;

    public Task EnsureStartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => RunAsync("stop", cancellationToken);

    public Task KillAsync(CancellationToken cancellationToken) => RunAsync("kill", cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => RunAsync("start", cancellationToken);

    private static async Task RunAsync(string what, CancellationToken cancellationToken)
    {
        using var process = Process.Start(Script, what);
        await process.WaitForExitAsync(cancellationToken);
    }
}
