namespace AspireFeedback.Web.Feedback;

/// <summary>Somebody on this instance who waits for changes of an owner, or of one request.</summary>
/// <param name="request"><c>null</c>: all requests of the owner.</param>
internal abstract class Listener(Guid owner, Guid? request)
{
    public Guid Owner { get; } = owner;

    public Guid? Request { get; } = request;

    /// <summary>Must be quick and must not throw: it runs where the change was committed or received.</summary>
    public abstract void Offer(Change change);

    /// <summary>What is waited for, with the last version that was seen.</summary>
    public abstract void AddOpenTo(IDictionary<Guid, int> lowest);

    /// <summary>A moment of the shared ticker.</summary>
    public virtual void Tick(TimeSpan now)
    {
    }

    protected static void AddLowest(IDictionary<Guid, int> lowest, Guid id, int version) =>
        lowest[id] = lowest.TryGetValue(id, out var other) ? Math.Min(other, version) : version;
}
