using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Foreign;

/// <summary>echo.mjs: Node.js and amqplib.</summary>
public sealed class NodeBackendTests(RunningSystem system) : ForeignBackendTest(system)
{
    private readonly RunningSystem _system = system;

    protected override string WorkerPrefix => "node/";

    [Fact]
    public async Task It_hears_of_a_cancel()
    {
        using var person = await _system.NewPersonAsync(Cancellation);
        await using var backend = await StartAsync(Broker);
        var id = Guid.CreateVersion7();
        await person.SubmitAsync(id, "echo", new { text = "never", delayMs = 600_000, steps = 10 }, Cancellation);
        await person.UntilAsync(id, "Running", Cancellation);

        (await person.CancelAsync(id, Cancellation)).Status.ShouldBe(HttpStatusCode.Accepted);

        await person.UntilAsync(id, "Canceled", Cancellation);
        var end = (await person.EventsAsync(id, Cancellation))[^1].GetProperty("data");
        end.TryGetProperty("reason", out _).ShouldBeFalse("the worker itself has answered");
    }

    protected override async Task<IAsyncDisposable> StartAsync(string broker)
    {
        var process = Process.Start(new ProcessStartInfo("node", ["echo.mjs", broker]) { WorkingDirectory = Here(), RedirectStandardOutput = true })!;
        var backend = new Running(process);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            (await process.StandardOutput.ReadLineAsync(limit.Token)).ShouldBe("taking echo");
            return backend;
        }
        catch
        {
            await backend.DisposeAsync();
            throw;
        }
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    private sealed class Running(Process process) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }
    }
}
