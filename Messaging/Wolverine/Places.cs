namespace AspireFeedback.Messaging.Wolverine;

/// <summary>How many deliveries may be worked on at a time: what is free is taken by the next listener, whole.</summary>
internal sealed class Places(int count)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _freed = NewGate();
    private int _free = count;

    /// <summary>All that are free, as soon as there is one.</summary>
    public async Task<int> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task freed;
            lock (_gate)
                freed = _freed.Task;
            if (TakeRest() is > 0 and var taken)
                return taken;
            await freed.WaitAsync(cancellationToken);
        }
    }

    public int TakeRest()
    {
        lock (_gate)
        {
            (_free, var taken) = (0, _free);
            return taken;
        }
    }

    public void Free(int places)
    {
        if (places == 0)
            return;
        TaskCompletionSource freed;
        lock (_gate)
        {
            _free += places;
            (freed, _freed) = (_freed, NewGate());
        }

        freed.TrySetResult();
    }

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
