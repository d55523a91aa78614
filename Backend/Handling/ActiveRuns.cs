using AspireFeedback.Contracts;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Backend.Handling;

/// <summary>The runs of this process, the orders to stop that concern them or runs to come, and the one timer that drives them all.</summary>
internal sealed class ActiveRuns : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Lock _tick = new();
    private readonly HashSet<Run> _runs = [];
    private readonly List<Run> _ticked = [];
    private readonly StopMemory _orders;
    private readonly ITimer _timer;
    private TaskCompletionSource? _empty;
    private bool _ticking;
    private bool _draining;

    public ActiveRuns(TimeProvider time, IOptions<HandlingOptions> options)
    {
        _time = time;
        _orders = new(options.Value.RememberedStops, TimeSpan.FromDays(1));
        _timer = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _runs.Count;
        }
    }

    /// <summary>The run takes part from now on, unless the answer says why it must not begin.</summary>
    public StopReason Enter(Run run)
    {
        lock (_gate)
        {
            if (_draining)
                return StopReason.Shutdown;
            // Under one lock with Stop: an order is either remembered before this or finds the run.
            var ordered = _orders.Find(run.Message.RequestId, run.Attempt, _time.GetUtcNow());
            if (ordered is not StopReason.None)
                return ordered;
            _runs.Add(run);
            if (!_ticking)
                _ticking = _timer.Change(Pace.Tick, Pace.Tick);
            return StopReason.None;
        }
    }

    public void Leave(Run run)
    {
        lock (_gate)
        {
            _runs.Remove(run);
            if (_runs.Count > 0)
                return;
            _empty?.TrySetResult();
            _empty = null;
        }
    }

    /// <summary>Stops the runs that the order means, and remembers it for those to come. Returns how many were running.</summary>
    public int Stop(Guid request, StopWork order)
    {
        var stopped = 0;
        lock (_gate)
        {
            _orders.Remember(request, order, _time.GetUtcNow());
            foreach (var run in _runs)
            {
                if (run.Message.RequestId != request || (order.Run is { } id && id != run.Id) || run.Attempt > (order.UpToAttempt ?? int.MaxValue))
                    continue;
                run.Stop(StopMemory.ReasonOf(order));
                stopped++;
            }
        }
        return stopped;
    }

    /// <summary>No run may begin any more. Completes when the last one has left.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
            _draining = true;
        return WhenEmptyAsync();
    }

    /// <summary>Completes when nothing runs, now or at the next moment of which this is true.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_gate)
            return _runs.Count == 0 ? Task.CompletedTask : (_empty ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    public void StopAll(StopReason reason)
    {
        lock (_gate)
        {
            foreach (var run in _runs)
                run.Stop(reason);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        lock (_tick) // a late tick must not meet the next one
        {
            lock (_gate)
            {
                _ticked.AddRange(_runs);
                // Stops itself rather than being stopped by the last run: under load the set is empty for moments only.
                if (_runs.Count == 0 && _ticking)
                    _ticking = !_timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
            var now = _time.GetTimestamp();
            foreach (var run in _ticked)
                run.Tick(now);
            _ticked.Clear();
        }
    }
}
