using System.Collections.Concurrent;
using System.Diagnostics;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.Tests.LocalAspire;

/// <summary>The built AppHost as a user runs it, as a process of its own, with its data in a directory of the test.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Task _reading;

    private AppHostProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public int Id => _process.Id;

    public string Output => string.Join('\n', _lines);

    public static AppHostProcess Start(string dataHome, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "AppHost.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["XDG_DATA_HOME"] = dataHome;
        return new AppHostProcess(Process.Start(start)!);
    }

    /// <summary>How much it has said so far.</summary>
    public int Lines => _lines.Count;

    /// <summary>Returns when a line of the output contains all the words.</summary>
    public Task SaysAsync(CancellationToken cancellationToken, params string[] words) => SaysAfterAsync(0, cancellationToken, words);

    /// <summary>The same, of the output after its first <paramref name="lines"/> lines.</summary>
    public async Task SaysAfterAsync(int lines, CancellationToken cancellationToken, params string[] words)
    {
        while (!_lines.Skip(lines).Any(line => words.All(word => line.Contains(word, StringComparison.Ordinal))))
        {
            if (_process.HasExited || cancellationToken.IsCancellationRequested)
                throw new InvalidOperationException($"The AppHost never said '{string.Join(' ', words)}':\n{Output}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>SIGKILL to the AppHost alone, as by a debugger or the kernel.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        Signals.Send(Id, Signals.Kill);
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>The exit code of one that ends by itself.</summary>
    public async Task<int> EndedAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _reading;
        return _process.ExitCode;
    }

    /// <summary>The exit code after the signal.</summary>
    public async Task<int> EndAsync(int signal, CancellationToken cancellationToken)
    {
        Signals.Send(Id, signal);
        await _process.WaitForExitAsync(cancellationToken);
        await _reading;
        return _process.ExitCode;
    }

    /// <summary>Processes that carry the mark of the last run on kept data; empty once everything is gone.</summary>
    public static IReadOnlyList<int> LeftOn(string dataHome)
    {
        var record = Directory.EnumerateFiles(dataHome, "last-run", SearchOption.AllDirectories).Single();
        return LeftBehind.WithMark(File.ReadAllText(record));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            Signals.Send(Id, Signals.Kill);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            _lines.Enqueue(line);
    }
}
