using System.Threading.Channels;

namespace AspireFeedback.Web.Log;

/// <summary>
/// Makes one batch of what many callers want at the same time. Nobody waits for company: while one batch is under way the next one gathers,
/// and an idle caller goes at once.
/// </summary>
internal sealed class Batches<TItem, TResult> : IAsyncDisposable
{
    private readonly Channel<Entry> _waiting;
    private readonly Func<IReadOnlyList<TItem>, CancellationToken, Task<IReadOnlyList<TResult>>> _run;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _lanes;
    private readonly int _maxBatch;

    public Batches(int lanes, int maxBatch, int maxWaiting, Func<IReadOnlyList<TItem>, CancellationToken, Task<IReadOnlyList<TResult>>> run)
    {
        _maxBatch = maxBatch;
        _run = run;
        _waiting = Channel.CreateBounded<Entry>(new BoundedChannelOptions(maxWaiting) { SingleReader = lanes == 1 });
        _lanes = [.. Enumerable.Range(0, lanes).Select(_ => Task.Run(RunLaneAsync))];
    }

    /// <summary>
    /// The result of this item's batch. A caller that leaves does not stop a batch that is under way: what is decided is committed.
    /// Full: <c>false</c>, and nothing will happen.
    /// </summary>
    public bool TryAdd(TItem item, out Task<TResult> result)
    {
        var entry = new Entry(item);
        result = entry.Result.Task;
        return _waiting.Writer.TryWrite(entry);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        _stop.CancelAfter(TimeSpan.FromSeconds(5));
        await Task.WhenAll(_lanes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunLaneAsync()
    {
        var batch = new List<Entry>(_maxBatch);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (batch.Count < _maxBatch && _waiting.Reader.TryRead(out var entry))
                batch.Add(entry);
            if (batch.Count > 0)
                await RunAsync(batch);
            batch.Clear();
        }
    }

    private async Task RunAsync(List<Entry> batch)
    {
        try
        {
            var results = await _run(batch.ConvertAll(entry => entry.Item), _stop.Token);
            for (var i = 0; i < batch.Count; i++)
                batch[i].Result.SetResult(results[i]);
        }
#pragma warning disable CA1031 // Whatever it was, it belongs to those who wait for this batch.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (var entry in batch)
                entry.Result.TrySetException(e);
        }
    }

    private sealed class Entry(TItem item)
    {
        public TItem Item { get; } = item;

        public TaskCompletionSource<TResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
