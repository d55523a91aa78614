namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>
/// While a server starts it has a core to itself, and programs start in turn on those that are left: on a machine with few cores a broker that
/// shares its core with programs is late, and everything that waits for it too. A start holds its place until it is healthy, ends, or has had
/// it for long enough; nobody waits longer than that either.
/// </summary>
internal sealed class StartTurns(int cores, TimeSpan limit)
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private int _servers;
    private int _programs;

    /// <summary>Takes a place at once.</summary>
    public Turn Server()
    {
        lock (_gate)
            _servers++;
        return new Turn(this, isServer: true, limit);
    }

    /// <summary>Waits for a place, at most for the limit or until <paramref name="given"/> up.</summary>
    public async Task<Turn> ProgramAsync(Task given, CancellationToken cancellationToken)
    {
        TaskCompletionSource? next = null;
        lock (_gate)
        {
            if (_waiting.Count > 0 || !HasRoom)
                _waiting.Enqueue(next = new(TaskCreationOptions.RunContinuationsAsynchronously));
            else
                _programs++;
        }

        if (next is not null)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(next.Task, given, Task.Delay(limit, over.Token));
            await over.CancelAsync();
            lock (_gate)
            {
                // Whoever did not wait to the end starts without a place being free; it counts nonetheless.
                if (next.TrySetCanceled(CancellationToken.None))
                    _programs++;
            }
        }

        return new Turn(this, isServer: false, limit);
    }

    private bool HasRoom => _servers == 0 || _programs < Math.Max(1, cores - _servers);

    private void Leave(bool isServer)
    {
        lock (_gate)
        {
            if (isServer)
                _servers--;
            else
                _programs--;
            while (HasRoom && _waiting.TryDequeue(out var next))
            {
                if (next.TrySetResult())
                    _programs++;
            }
        }
    }

    /// <summary>A place among those that start; given back once, by whoever comes first.</summary>
    internal sealed class Turn : IDisposable
    {
        private readonly Timer _limit;
        private StartTurns? _turns;
        private readonly bool _isServer;

        public Turn(StartTurns turns, bool isServer, TimeSpan limit)
        {
            (_turns, _isServer) = (turns, isServer);
            _limit = new Timer(_ => Dispose(), null, limit, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            Interlocked.Exchange(ref _turns, null)?.Leave(_isServer);
            _limit.Dispose();
        }
    }
}
