namespace AspireFeedback.Web.Feedback;

/// <summary>Everybody on this instance who waits for one owner's changes.</summary>
internal sealed class OwnerChannel(Guid owner)
{
    private readonly Lock _gate = new();
    private readonly List<Listener> _wide = [];
    private readonly Dictionary<Guid, List<Listener>> _byRequest = [];
    private TimeSpan? _emptySince;
    private bool _closed;

    public Guid Owner { get; } = owner;

    /// <summary>Completes when the backplane has confirmed the subscription, or cannot at the moment. Never fails.</summary>
    public Task Subscribed { get; init; } = Task.CompletedTask;

    /// <summary>False when the channel has been released; then a new one is needed.</summary>
    public bool TryAdd(Listener listener)
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _emptySince = null;
            if (listener.Request is not { } request)
                _wide.Add(listener);
            else if (_byRequest.TryGetValue(request, out var others))
                others.Add(listener);
            else
                _byRequest.Add(request, [listener]);
            return true;
        }
    }

    public void Remove(Listener listener, TimeSpan now)
    {
        lock (_gate)
        {
            if (listener.Request is not { } request)
                _wide.Remove(listener);
            else if (_byRequest.TryGetValue(request, out var others) && others.Remove(listener) && others.Count == 0)
                _byRequest.Remove(request);
            if (_wide.Count == 0 && _byRequest.Count == 0)
                _emptySince = now;
        }
    }

    public void Deliver(Change change)
    {
        lock (_gate)
        {
            foreach (var listener in _wide)
                listener.Offer(change);
            if (_byRequest.TryGetValue(change.Id, out var others))
                others.ForEach(listener => listener.Offer(change));
        }
    }

    public bool TryClose(TimeSpan now, TimeSpan after)
    {
        lock (_gate)
            return _closed = _closed || (_emptySince is { } since && now - since >= after);
    }

    public (IReadOnlyList<Listener> Wide, IReadOnlyList<Listener> ByRequest) Listeners()
    {
        lock (_gate)
            return ([.. _wide], [.. _byRequest.Values.SelectMany(listeners => listeners)]);
    }

    public void Tick(TimeSpan now)
    {
        lock (_gate)
        {
            foreach (var listener in _wide)
                listener.Tick(now);
            foreach (var others in _byRequest.Values)
                others.ForEach(listener => listener.Tick(now));
        }
    }
}
