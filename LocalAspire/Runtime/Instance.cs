using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Processes;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>One process of a resource over time: waits for what it needs, starts, is watched, starts again after a crash.</summary>
internal sealed partial class Instance(IResource resource, string id, Workload workload, ResourceLog log, Undertaker undertaker, ResourceNotificationService notifications, StartTurns turns)
{
    private readonly Lock _gate = new();
    private readonly RestartBackoff _backoff = new();
    private readonly RunWish _wish = new();
    private readonly TaskCompletionSource _startedAnyway = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isAttempting;
    private ChildProcess? _process;
    private string? _howItEnded;

    public IResource Resource => resource;

    public string Id => id;

    public string? Url => workload.Url;

    public bool IsPart => workload.IsHidden;

    public int PortOf(string endpointName) => workload.PortOf(endpointName);

    public ResourceLog Log => log;

    public int? ProcessId => _process?.Id;

    /// <summary>With what its process was started last; null before.</summary>
    public Launch? Launch { get; private set; }

    public bool IsRunning => _process is not null;

    public bool IsHealthy => Snapshot.IsHealthy;

    public CustomResourceSnapshot Snapshot => notifications.TryGetCurrentState(id, out var state) ? state.Snapshot : new() { ResourceType = "" };

    public async Task RunAsync(CancellationToken stopping)
    {
        Publish(s => s with { Url = workload.Url, IsHidden = workload.IsHidden });
        await WaitForDependenciesAsync(stopping);
        while (!stopping.IsCancellationRequested)
        {
            await _wish.GrantedAsync(stopping);
            var started = TimeProvider.System.GetTimestamp();
            if (await RunOnceAsync(stopping) is { } changed)
                await Task.WhenAny(changed, Task.Delay(_backoff.Next(TimeProvider.System.GetElapsedTime(started)), stopping));
        }
    }

    public async Task<CustomResourceSnapshot> WaitAsync(Func<CustomResourceSnapshot, bool> condition, CancellationToken cancellationToken) =>
        (await notifications.WaitForResourceAsync(id, change => change.ResourceId == id && condition(change.Snapshot), cancellationToken)).Snapshot;

    private async Task WaitForDependenciesAsync(CancellationToken stopping)
    {
        var dependencies = new DependencyWait(resource, notifications);
        if (!dependencies.IsNeeded)
            return;

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var waiting = dependencies.RunAsync((state, reason) => ReportWaiting(state, reason), enough.Token);
        if (await Task.WhenAny(waiting, _startedAnyway.Task) != waiting)
        {
            await enough.CancelAsync();
            await waiting.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        else if (!await waiting)
        {
            await _startedAnyway.Task.WaitAsync(stopping);
        }
    }

    private void ReportWaiting(string state, string reason)
    {
        lock (_gate)
        {
            if (_wish.IsToRun && !_startedAnyway.Task.IsCompleted)
                Publish(s => s with { State = state, Reason = reason });
        }
    }

    /// <summary>What to wait for besides the backoff; null when it ended since it was not wanted any more.</summary>
    private async Task<Task?> RunOnceAsync(CancellationToken stopping)
    {
        lock (_gate)
        {
            if (!_wish.IsToRun)
                return null;
            _isAttempting = true;
            Publish(Transition.Attempted);
        }

        try
        {
            var launch = await workload.PrepareAsync(stopping);
            using var turn = workload.IsServer ? turns.Server() : await turns.ProgramAsync(_wish.Changed, stopping);
            using var process = Begin(launch, stopping);
            return process is null ? Ended(KnownResourceStates.Finished, "stopped", null) : await WatchAsync(process, turn);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _wish.Set(false);
            return Ended(KnownResourceStates.Finished, "stopped", null);
        }
        // Whatever it is: an AppHost's own callback may throw anything, and that is a failed start of this instance and not the end of its loop.
        catch (Exception e) when (e is not null)
        {
            log.Add(e.Message);
            return Ended(KnownResourceStates.FailedToStart, e.Message, null);
        }
    }

    /// <summary>Null when it was stopped while it was prepared.</summary>
    private ChildProcess? Begin(Launch launch, CancellationToken stopping)
    {
        // Under the lock, so that a stop comes either before the start or sees the process.
        lock (_gate)
        {
            if (!_wish.IsToRun || stopping.IsCancellationRequested)
                return null;
            Launch = launch;
            if (_howItEnded is { } how)
                log.Add($"[started again: the process before {how}]");
            var process = _process = ChildProcess.Start(launch, log, undertaker);
            Publish(s => Transition.Began(s, process.Id));
            return process;
        }
    }

    private async Task<Task?> WatchAsync(ChildProcess process, StartTurns.Turn turn)
    {
        using var ended = new CancellationTokenSource();
        var watch = HealthWatch.RunAsync(workload, reason => ReportHealth(reason, turn), ended.Token);
        var exitCode = await process.Exited;
        lock (_gate)
            _process = null;
        await ended.CancelAsync();
        await watch;
        await workload.EndedAsync();
        return Ended(KnownResourceStates.Exited, _howItEnded = ExitReason.For(exitCode), exitCode);
    }

    private Task? Ended(string state, string reason, int? exitCode)
    {
        lock (_gate)
        {
            (_process, _isAttempting) = (null, false);
            var isWanted = _wish.IsToRun;
            Publish(s => isWanted && state != KnownResourceStates.Finished ? Transition.Failed(s, state, reason, exitCode) : Transition.Stopped(s, exitCode));
            return isWanted ? _wish.Changed : null;
        }
    }

    private void ReportHealth(string? reason, StartTurns.Turn turn)
    {
        if (reason is null)
            turn.Dispose();
        Publish(s => Transition.Checked(s, reason));
    }

    private void Publish(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) => notifications.Publish(resource, id, change);
}
