using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Processes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>One process of a resource over time: waits for what it needs, starts, is watched, starts again after a crash.</summary>
internal sealed class Instance(IResource resource, string id, Workload workload, ResourceLog log, Undertaker undertaker, ResourceNotificationService notifications)
{
    private static readonly TimeSpan s_stopDeadline = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly RestartBackoff _backoff = new();
    private bool _wanted = true;
    private ChildProcess? _process;
    private TaskCompletionSource _changed = New();
    private readonly TaskCompletionSource _startedAnyway = New();

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
            await WhenWantedAsync(stopping);
            var uptime = await RunOnceAsync(stopping);
            if (_wanted)
                await PauseAsync(_backoff.Next(uptime), stopping);
        }
    }

    /// <summary>True when the process runs; health comes later. It no longer waits for anything.</summary>
    public async Task<bool> StartAsync(CancellationToken cancellationToken)
    {
        if (IsRunning && _wanted)
            return true;
        // So that the wait below does not take the failure of an earlier start for an answer.
        Publish(s => s with { State = KnownResourceStates.Starting, HealthStatus = null, Reason = null });
        _startedAnyway.TrySetResult();
        Want(true);
        return (await WaitAsync(s => s.State == KnownResourceStates.Running || s.HasFailed, cancellationToken)).State == KnownResourceStates.Running;
    }

    public async Task<CustomResourceSnapshot> WaitAsync(Func<CustomResourceSnapshot, bool> condition, CancellationToken cancellationToken) =>
        (await notifications.WaitForResourceAsync(id, change => change.ResourceId == id && condition(change.Snapshot), cancellationToken)).Snapshot;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Want(false);
        // Nothing runs, and nothing will.
        Publish(s => s.State == KnownResourceStates.Waiting || s.HasFailed ? s with { State = KnownResourceStates.Finished, Reason = "stopped" } : s);
        if (_process is { } process)
        {
            Publish(s => s with { State = KnownResourceStates.Stopping });
            await process.StopAsync(workload.Grace);
        }

        await DownAsync(cancellationToken);
    }

    /// <summary>SIGKILL to the process and all it started; it stays down until it is started.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        Want(false);
        if (_process is { } process)
            await process.KillAsync();
        await DownAsync(cancellationToken);
    }

    /// <summary>SIGKILL; it comes back as after any crash.</summary>
    public Task CrashAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    public void Signal(int signal) => _process?.Signal(signal);

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
            if (_wanted && !_startedAnyway.Task.IsCompleted)
                Publish(s => s with { State = state, Reason = reason });
        }
    }

    private async Task<TimeSpan> RunOnceAsync(CancellationToken stopping)
    {
        Publish(s => s with { State = KnownResourceStates.Starting, HealthStatus = null, Reason = null, ExitCode = null, ProcessId = null, HealthyAt = null });
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            Launch = await workload.PrepareAsync(stopping);
            using var process = ChildProcess.Start(Launch, log, undertaker);
            lock (_gate)
                _process = process;
            // Stopped in the moment between the decision to start and the start.
            if (!_wanted || stopping.IsCancellationRequested)
                await process.KillAsync();
            Publish(s => s with { State = KnownResourceStates.Running, ProcessId = process.Id, StartedAt = TimeProvider.System.GetUtcNow() });
            await WatchAsync(process);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or UnauthorizedAccessException or DistributedApplicationException)
        {
            log.Add(e.Message);
            Publish(s => s with
            {
                State = KnownResourceStates.FailedToStart,
                Reason = e.Message,
                LastFailure = e.Message,
                Restarts = s.Restarts + 1,
                FailuresInARow = s.FailuresInARow + 1,
            });
        }

        return TimeProvider.System.GetElapsedTime(started);
    }

    private async Task WatchAsync(ChildProcess process)
    {
        using var ended = new CancellationTokenSource();
        var watch = HealthWatch.RunAsync(workload, ReportHealth, ended.Token);
        var exitCode = await process.Exited;
        await ended.CancelAsync();
        await watch;
        lock (_gate)
            _process = null;
        await workload.EndedAsync();
        Publish(s => s with
        {
            State = _wanted ? KnownResourceStates.Exited : KnownResourceStates.Finished,
            HealthStatus = null,
            ProcessId = null,
            ExitCode = exitCode,
            Reason = _wanted ? ExitReason.For(exitCode) : "stopped",
            LastFailure = _wanted ? ExitReason.For(exitCode) : null,
            Restarts = _wanted ? s.Restarts + 1 : s.Restarts,
            FailuresInARow = _wanted ? s.FailuresInARow + 1 : 0,
        });
    }

    private void ReportHealth(string? reason) => Publish(s => (s.State == KnownResourceStates.Running, reason) switch
    {
        (false, _) => s,
        (_, null) => s with
        {
            HealthStatus = HealthStatus.Healthy,
            Reason = null,
            HealthyAt = s.HealthyAt ?? TimeProvider.System.GetUtcNow(),
            FailuresInARow = 0,
            LastFailure = null,
        },
        _ => s with { HealthStatus = HealthStatus.Unhealthy, Reason = reason },
    });

    private void Publish(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) => notifications.Publish(resource, id, change);

    private async Task DownAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_stopDeadline);
        await notifications.WaitForResourceAsync(id, e => e.Snapshot is { ProcessId: null } && e.Snapshot.State != KnownResourceStates.Stopping, deadline.Token);
    }

    private void Want(bool wanted)
    {
        lock (_gate)
        {
            _wanted = wanted;
            _changed.TrySetResult();
            _changed = New();
        }
    }

    private async Task WhenWantedAsync(CancellationToken stopping)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_wanted)
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(stopping);
        }
    }

    private async Task PauseAsync(TimeSpan delay, CancellationToken stopping)
    {
        Task changed;
        lock (_gate)
            changed = _changed.Task;
        await Task.WhenAny(changed, Task.Delay(delay, stopping));
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
