namespace AspireFeedback.Web.Feedback;

/// <summary>What could not be published: the latest version of each request, without what happened. Who hears of it reads the log.</summary>
internal sealed class LatestChanges(int limit)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Change> _latest = [];
    private readonly Queue<Guid> _order = new();

    public void Add(Change change)
    {
        lock (_gate)
        {
            if (_latest.TryGetValue(change.Id, out var other))
            {
                if (other.Version < change.Version)
                    _latest[change.Id] = change.WithoutEvents();
                return;
            }
            if (_order.Count == limit)
                _latest.Remove(_order.Dequeue()); // found by the comparison with the log
            _order.Enqueue(change.Id);
            _latest.Add(change.Id, change.WithoutEvents());
        }
    }

    public IReadOnlyList<Change> TakeAll()
    {
        lock (_gate)
        {
            Change[] all = [.. _latest.Values];
            _latest.Clear();
            _order.Clear();
            return all;
        }
    }
}
