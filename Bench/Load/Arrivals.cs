using System.Collections.Concurrent;

namespace AspireFeedback.Bench.Load;

/// <summary>The requests whose end is waited for, whichever connection it comes through.</summary>
internal sealed class Arrivals
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<long>> _expected = [];

    public Task<long> Expect(Guid id)
    {
        var arrival = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _expected[id] = arrival;
        return arrival.Task;
    }

    public void Forget(Guid id) => _expected.TryRemove(id, out _);

    public void End(Guid id, long at, bool isSuccess)
    {
        if (!_expected.TryGetValue(id, out var arrival))
            return;
        if (isSuccess)
            arrival.TrySetResult(at);
        else
            arrival.TrySetException(new LoadException("ended otherwise than Succeeded"));
    }
}
