namespace AspireFeedback.Web.Feedback;

/// <summary>Everybody on this instance who waits for one owner's changes.</summary>
internal sealed class OwnerChannel(Guid owner)
{
    private readonly Lock gate = new();
    private readonly List<Listener> wide = [];
    private readonly Dictionary<Guid, List<Listener>> byRequest = [];
    private TimeSpan? emptySince;
    private bool closed;

    public Guid Owner { get; } = owner;

    /// <summary>Completes when the backplane has confirmed the subscription, or cannot at the moment. Never fails.</summary>
    public Task Subscribed { get; init; } = Task.CompletedTask;

    /// <summary>False when the channel has been released; then a new one is needed.</summary>
    public bool TryAdd(Listener listener)
    {
        lock (gate)
        {
            if (closed)
                return false;
            emptySince = null;
            if (listener.Request is not { } request)
                wide.Add(listener);
            else if (byRequest.TryGetValue(request, out var others))
                others.Add(listener);
            else
                byRequest.Add(request, [listener]);
            return true;
        }
    }

    public void Remove(Listener listener, TimeSpan now)
    {
        lock (gate)
        {
            if (listener.Request is not { } request)
                wide.Remove(listener);
            else if (byRequest.TryGetValue(request, out var others) && others.Remove(listener) && others.Count == 0)
                byRequest.Remove(request);
            if (wide.Count == 0 && byRequest.Count == 0)
                emptySince = now;
        }
    }

    public void Deliver(Change change)
    {
        lock (gate)
        {
            foreach (var listener in wide)
                listener.Offer(change);
            if (byRequest.TryGetValue(change.Id, out var others))
                others.ForEach(listener => listener.Offer(change));
        }
    }

    public bool TryClose(TimeSpan now, TimeSpan after)
    {
        lock (gate)
            return closed = closed || (emptySince is { } since && now - since >= after);
    }

    public (IReadOnlyList<Listener> Wide, IReadOnlyList<Listener> ByRequest) Listeners()
    {
        lock (gate)
            return ([.. wide], [.. byRequest.Values.SelectMany(listeners => listeners)]);
    }

    public void Tick(TimeSpan now)
    {
        lock (gate)
        {
            foreach (var listener in wide)
                listener.Tick(now);
            foreach (var others in byRequest.Values)
                others.ForEach(listener => listener.Tick(now));
        }
    }
}
