namespace AspireFeedback.Web.Feedback;

/// <summary>One call that waits for one request to move on or to end.</summary>
internal sealed class Waiter(Guid owner, Guid id, int after, bool untilDone) : Listener(owner, id)
{
    private readonly Lock gate = new();
    private TaskCompletionSource moved = NewSource();
    private int seen;
    private bool over;

    public bool Over
    {
        get
        {
            lock (gate)
                return over;
        }
    }

    /// <summary>To be called before each reading of the log: what is told from then on completes the task.</summary>
    public Task Arm()
    {
        lock (gate)
        {
            if (moved.Task.IsCompleted && !over)
                moved = NewSource();
            return moved.Task;
        }
    }

    /// <summary>Takes a version as it is known for certain. True when the waiting is over.</summary>
    public bool See(int version, bool done)
    {
        lock (gate)
        {
            seen = Math.Max(seen, version);
            return over |= done || (!untilDone && version > after);
        }
    }

    public override void Offer(Change change)
    {
        lock (gate)
        {
            // A version told without events may hide the end: then the log is asked.
            var unclear = !change.HasEvents && change.Version > Math.Max(seen, after);
            if (See(change.Version, change.Done) || unclear)
                moved.TrySetResult();
        }
    }

    public override void AddOpenTo(IDictionary<Guid, int> lowest)
    {
        lock (gate)
            AddLowest(lowest, id, Math.Max(seen, after));
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
