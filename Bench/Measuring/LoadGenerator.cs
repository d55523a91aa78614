using System.Diagnostics;
using AspireFeedback.Bench.Load;

namespace AspireFeedback.Bench.Measuring;

/// <summary>The load generator's process, seen from the one that started it.</summary>
internal sealed class LoadGenerator : IAsyncDisposable
{
    /// <summary>Beyond a measurement's own times: for connecting, and for a machine that does other things.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private LoadGenerator(Process process) => _process = process;

    public int ProcessId => _process.Id;

    public static LoadGenerator Start()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is unknown.");
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Run as `dotnet Bench.dll`, not by its own executable.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(typeof(LoadGenerator).Assembly.Location);
        start.ArgumentList.Add("load");
        return new(Process.Start(start) ?? throw new InvalidOperationException("The load generator did not start."));
    }

    /// <exception cref="TimeoutException">Nothing came back.</exception>
    public async Task<LoadResult> RunAsync(LoadCommand command, Action<LoadPhase> phase, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(command.WarmUp + command.Duration + command.Drain + s_patience);
        await _process.StandardInput.WriteLineAsync(LoadMessage.Write(command).AsMemory(), limit.Token);
        await _process.StandardInput.FlushAsync(limit.Token);
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                var message = LoadMessage.Read<LoadMessage>(line);
                if (message.Phase is LoadPhase.Broken)
                    throw new InvalidOperationException($"The load generator failed: {message.Error}");
                if (message is { Phase: LoadPhase.Finished, Result: { } result })
                    return result;
                phase(message.Phase);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The load generator said nothing until its deadline.");
        }

        throw new InvalidOperationException("The load generator has ended.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        // A measurement may be under way; nobody waits for its result any more.
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
