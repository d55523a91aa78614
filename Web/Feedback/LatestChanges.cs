namespace AspireFeedback.Web.Feedback;

/// <summary>What could not be published: the latest version of each request, without what happened. Who hears of it reads the log.</summary>
internal sealed class LatestChanges(int limit)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Change> latest = [];
    private readonly Queue<Guid> order = new();

    public void Add(Change change)
    {
        lock (gate)
        {
            if (latest.TryGetValue(change.Id, out var other))
            {
                if (other.Version < change.Version)
                    latest[change.Id] = change.WithoutEvents();
                return;
            }
            if (order.Count == limit)
                latest.Remove(order.Dequeue()); // found by the comparison with the log
            order.Enqueue(change.Id);
            latest.Add(change.Id, change.WithoutEvents());
        }
    }

    public IReadOnlyList<Change> TakeAll()
    {
        lock (gate)
        {
            Change[] all = [.. latest.Values];
            latest.Clear();
            order.Clear();
            return all;
        }
    }
}
