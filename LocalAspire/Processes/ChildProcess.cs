using System.ComponentModel;
using System.Diagnostics;

namespace AspireFeedback.LocalAspire.Processes;

/// <summary>A running program in a session of its own, so that Ctrl+C in the terminal reaches only the AppHost, which stops things in order.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan s_killed = TimeSpan.FromSeconds(5);
    private static readonly string? s_setsid = ExecutablePath.Find("setsid");

    private readonly Process _process;
    private readonly Launch _launch;

    private ChildProcess(Process process, Launch launch, ResourceLog log, Undertaker undertaker)
    {
        (_process, _launch) = (process, launch);
        Id = process.Id;
        var reading = Task.WhenAll(log.ReadAsync(process.StandardOutput), log.ReadAsync(process.StandardError));
        Exited = WaitAsync(reading, undertaker);
    }

    public int Id { get; }

    /// <summary>The exit code; above 128 it is 128 + the signal.</summary>
    public Task<int> Exited { get; }

    public static ChildProcess Start(Launch launch, ResourceLog log, Undertaker undertaker)
    {
        var start = new ProcessStartInfo(s_setsid ?? launch.FileName)
        {
            WorkingDirectory = launch.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (s_setsid is not null)
            start.ArgumentList.Add(launch.FileName);
        foreach (var argument in launch.Arguments)
            start.ArgumentList.Add(argument);
        if (launch.UserName is not null)
            start.UserName = launch.UserName;
        ChildEnvironment.Apply(start.Environment, launch, undertaker.Mark);

        try
        {
            var process = Process.Start(start) ?? throw new InvalidOperationException($"{launch.FileName} did not start.");
            undertaker.Watch(process.Id, launch.AbandonSignal);
            process.StandardInput.Close();
            return new ChildProcess(process, launch, log, undertaker);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{launch.FileName} did not start: {e.Message}", e);
        }
    }

    public void Signal(int signal) => ProcessTree.Signal(Id, signal);

    /// <summary>Asks it to end, and kills it and all it started when it has not ended in time.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        var tree = ProcessTree.Of(Id);
        Signals.Send(Id, _launch.StopSignal);
        // A paused process would otherwise see the signal only when it is continued.
        foreach (var process in tree)
            Signals.Send(process, Signals.Continue);
        if (await Task.WhenAny(Exited, Task.Delay(grace)) != Exited)
            await KillAsync();
        // Helpers that notice the end of their parent only a moment later; they have nothing left to do.
        foreach (var process in tree.Where(ProcessTree.IsAlive))
            Signals.Send(process, Signals.Kill);
    }

    public async Task KillAsync()
    {
        Signal(Signals.Kill);
        // Even SIGKILL waits for a process that hangs in the kernel; nobody else should wait with it.
        await Task.WhenAny(Exited, Task.Delay(s_killed));
    }

    public void Dispose() => _process.Dispose();

    private async Task<int> WaitAsync(Task reading, Undertaker undertaker)
    {
        await _process.WaitForExitAsync();
        undertaker.Forget(Id);
        // What it wrote last is often why it ended. The deadline is for a grandchild that keeps the pipe open.
        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1)));
        return _process.ExitCode;
    }
}
