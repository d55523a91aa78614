namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>Whether an instance is to run, which commands say, and who waits for that to change.</summary>
internal sealed class RunWish
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = New();
    private bool _isToRun = true;

    public bool IsToRun
    {
        get
        {
            lock (_gate)
                return _isToRun;
        }
    }

    /// <summary>Ends with the next command, also with one that asks for the same again.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
                return _changed.Task;
        }
    }

    public void Set(bool isToRun)
    {
        lock (_gate)
        {
            _isToRun = isToRun;
            _changed.TrySetResult();
            _changed = New();
        }
    }

    public async Task GrantedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_isToRun)
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
