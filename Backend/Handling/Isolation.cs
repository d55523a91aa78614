namespace AspireFeedback.Backend.Handling;

/// <summary>
/// Lets work that may be what kills its workers begin alone. When a process dies, the broker counts a delivery against every message that it held, and
/// gives up a message after a few. So a message that has come back twice begins when nothing else runs here and nothing else is taken: if it is the
/// killer, it dies without its neighbours; if it is one of them, it ends in peace. Whoever has lived for a while is no longer suspected.
/// </summary>
internal sealed partial class Isolation(TimeProvider time, ILogger<Isolation> logger) : IDisposable
{
    /// <summary>Earlier deliveries that make a message a suspect. The broker gives it up after three.</summary>
    public const int SuspectFrom = 2;

    /// <summary>Longest wait for the runs of others; then it begins beside them.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>For how long a suspect is alone.</summary>
    public static readonly TimeSpan Probation = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _alone = new(1);
    private readonly SemaphoreSlim _switching = new(1);
    private readonly CancellationTokenSource _ended = new();
    private TaskCompletionSource? _reopened;
    private TaskCompletionSource? _idle;
    private int _running;
    private int _suspects;
    private bool _isOpen = true;

    private TimeProvider Time => time;

    /// <summary>Takes work from the broker, or none.</summary>
    public Func<bool, Task> Switched { get; set; } = _ => Task.CompletedTask;

    /// <summary>Returns when the message may begin, at once as a rule. Disposing what it returns says that the run is over.</summary>
    public async ValueTask<IDisposable> EnterAsync(int earlierDeliveries, CancellationToken lost)
    {
        if (earlierDeliveries < SuspectFrom)
        {
            for (Task? reopened; (reopened = TryBegin(lost)) is not null;)
                await reopened.WaitAsync(lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new Place(this);
        }

        lock (_gate)
        {
            _suspects++;
            _reopened ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        await SwitchAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lost, _ended.Token);
        var turn = _alone.WaitAsync(end.Token);
        await turn.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var place = new Suspect(this, hasTurn: turn.IsCompletedSuccessfully);
        if (!await IsIdleAsync(end.Token))
            LogBesideOthers(Patience);
        lock (_gate)
            _running++;
        place.Begin();
        return place;
    }

    /// <summary>Nobody waits here any more.</summary>
    public void End()
    {
        _ended.Cancel();
        lock (_gate)
            _reopened?.TrySetResult();
    }

    public void Dispose()
    {
        _alone.Dispose();
        _switching.Dispose();
        _ended.Dispose();
    }

    /// <returns>What to wait for before the next try, if it has not begun.</returns>
    private Task? TryBegin(CancellationToken lost)
    {
        lock (_gate)
        {
            if (_reopened is not null && !_ended.IsCancellationRequested && !lost.IsCancellationRequested)
                return _reopened.Task;
            _running++;
            return null;
        }
    }

    private async Task<bool> IsIdleAsync(CancellationToken end)
    {
        Task idle;
        lock (_gate)
        {
            if (_running == 0)
                return true;
            idle = (_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
        try
        {
            await idle.WaitAsync(Patience, Time, end);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true; // the run that comes now ends at once
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_running == 0)
            {
                _idle?.TrySetResult();
                _idle = null;
            }
        }
    }

    private async Task ReleaseAsync(bool hasTurn)
    {
        if (hasTurn)
            _alone.Release();
        lock (_gate)
        {
            if (--_suspects == 0)
            {
                _reopened?.TrySetResult();
                _reopened = null;
            }
        }
        await SwitchAsync();
    }

    /// <summary>One switch at a time, each to what is wanted by then.</summary>
    private async Task SwitchAsync()
    {
        await _switching.WaitAsync();
        try
        {
            bool isOpen;
            lock (_gate)
                isOpen = _suspects == 0;
            if (isOpen != _isOpen && !_ended.IsCancellationRequested)
            {
                LogSwitched(isOpen ? "again" : "nothing else, for work that has come back twice begins alone");
                await Switched(_isOpen = isOpen);
            }
        }
        finally
        {
            _switching.Release();
        }
    }

    [LoggerMessage(4040, LogLevel.Information, "Taking work: {What}.")]
    private partial void LogSwitched(string what);

    [LoggerMessage(4041, LogLevel.Warning, "Others still run after {Patience}: work that has come back twice begins beside them.")]
    private partial void LogBesideOthers(TimeSpan patience);

    private sealed class Place(Isolation isolation) : IDisposable
    {
        public void Dispose() => isolation.Leave();
    }

    private sealed class Suspect(Isolation isolation, bool hasTurn) : IDisposable
    {
        private readonly CancellationTokenSource _over = new();

        public void Begin() => _ = OnProbationAsync();

        public void Dispose()
        {
            isolation.Leave();
            _over.Cancel();
            _over.Dispose();
        }

        private async Task OnProbationAsync()
        {
            await Task.Delay(Probation, isolation.Time, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await isolation.ReleaseAsync(hasTurn);
        }
    }
}
