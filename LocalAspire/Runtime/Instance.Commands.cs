using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Processes;

namespace AspireFeedback.LocalAspire.Runtime;

#pragma warning disable CA1001 // A semaphore that nobody asks for its wait handle holds nothing to give back, and a late command may still release it.
internal sealed partial class Instance
#pragma warning restore CA1001
{
    // Longer than an initdb takes on a busy machine: what is being prepared is not interrupted, only not started afterwards.
    private static readonly TimeSpan s_stopDeadline = TimeSpan.FromSeconds(30);

    // One command after the other: a start that comes during a stop waits for its end.
    private readonly SemaphoreSlim _commands = new(1);
    private bool _isOver;

    /// <summary>True when the process runs; health comes later. It no longer waits for anything.</summary>
    public async Task<bool> StartAsync(CancellationToken cancellationToken)
    {
        await _commands.WaitAsync(cancellationToken);
        try
        {
            lock (_gate)
            {
                if (_isOver)
                    return false;
                if (IsRunning && _wish.IsToRun)
                    return true;
                // So that the wait below does not take the failure of an earlier start for an answer.
                if (!_isAttempting)
                    Publish(s => s with { State = KnownResourceStates.Starting, HealthStatus = null, Reason = null });
                _startedAnyway.TrySetResult();
                _wish.Set(true);
            }
        }
        finally
        {
            _commands.Release();
        }

        var end = await WaitAsync(s => s.State == KnownResourceStates.Running || s.HasFailed || s.State == KnownResourceStates.Finished, cancellationToken);
        return end.State == KnownResourceStates.Running;
    }

    public Task StopAsync(CancellationToken cancellationToken) => CommandAsync(EndAsync, cancellationToken);

    /// <summary>At the end of the run: a command that is under way is not waited for, and none has an effect any more.</summary>
    public Task ShutDownAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            _isOver = true;
        return EndAsync(cancellationToken);
    }

    /// <summary>SIGKILL to the process and all it started; it stays down until it is started.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => CommandAsync(
        async token =>
        {
            if (WantNoMore(KnownResourceStates.Running) is { } process)
                await process.KillAsync();
            await DownAsync(token);
        },
        cancellationToken);

    /// <summary>SIGKILL; it comes back as after any crash.</summary>
    public Task CrashAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    /// <summary>The same as a command: ends when it is gone, and what is asked for meanwhile waits for that. False when nothing was running.</summary>
    public async Task<bool> CrashedAsync(CancellationToken cancellationToken)
    {
        var wasRunning = false;
        await CommandAsync(
            async token =>
            {
                if (_process is not { } process)
                    return;
                (wasRunning, var id) = (true, process.Id);
                await process.KillAsync();
                await WaitAsync(s => s.ProcessId != id, token);
            },
            cancellationToken);
        return wasRunning;
    }

    public void Signal(int signal) => _process?.Signal(signal);

    private async Task CommandAsync(Func<CancellationToken, Task> command, CancellationToken cancellationToken)
    {
        await _commands.WaitAsync(cancellationToken);
        try
        {
            await command(cancellationToken);
        }
        finally
        {
            _commands.Release();
        }
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        if (WantNoMore(KnownResourceStates.Stopping) is { } process)
            await process.StopAsync(workload.Grace);
        await DownAsync(cancellationToken);
    }

    /// <summary>The process that is still to be ended, which then is in that state.</summary>
    private ChildProcess? WantNoMore(string state)
    {
        lock (_gate)
        {
            _wish.Set(false);
            if (_process is not null)
                Publish(s => s with { State = state });
            // Nothing runs, and nothing will.
            else if (!_isAttempting)
                Publish(s => s.State == KnownResourceStates.Finished ? s : s with { State = KnownResourceStates.Finished, HealthStatus = null, Reason = "stopped" });
            return _process;
        }
    }

    private async Task DownAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_stopDeadline);
        await WaitAsync(
            s => s.ProcessId is null && s.State != KnownResourceStates.Stopping && s.State != KnownResourceStates.Starting, deadline.Token);
    }
}
