namespace AspireFeedback.Web.Feedback;

/// <summary>One call that waits for one request to move on or to end.</summary>
internal sealed class Waiter(Guid owner, Guid id, int after, bool untilDone) : Listener(owner, id)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _moved = NewSource();
    private int _seen;
    private bool _over;

    public bool Over
    {
        get
        {
            lock (_gate)
                return _over;
        }
    }

    /// <summary>To be called before each reading of the log: what is told from then on completes the task.</summary>
    public Task Arm()
    {
        lock (_gate)
        {
            if (_moved.Task.IsCompleted && !_over)
                _moved = NewSource();
            return _moved.Task;
        }
    }

    /// <summary>Takes a version as it is known for certain. True when the waiting is over.</summary>
    public bool See(int version, bool done)
    {
        lock (_gate)
        {
            _seen = Math.Max(_seen, version);
            return _over |= done || (!untilDone && version > after);
        }
    }

    public override void Offer(Change change)
    {
        lock (_gate)
        {
            // A version told without events may hide the end: then the log is asked.
            var unclear = !change.HasEvents && change.Version > Math.Max(_seen, after);
            if (See(change.Version, change.Done) || unclear)
                _moved.TrySetResult();
        }
    }

    public override void AddOpenTo(IDictionary<Guid, int> lowest)
    {
        lock (_gate)
            AddLowest(lowest, id, Math.Max(_seen, after));
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
