namespace AspireFeedback.Web.Feedback;

/// <summary>
/// Makes one query of what many ask for at the same time. The first one reads at once; those who come while it reads are the next batch.
/// </summary>
internal sealed class BatchedRead<TKey, TValue>(Func<IReadOnlyCollection<TKey>, CancellationToken, Task<IReadOnlyDictionary<TKey, TValue>>> read, int max) : IDisposable
    where TKey : notnull
    where TValue : class
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40); // above the limit of a statement

    private readonly Lock gate = new();
    private readonly SemaphoreSlim turn = new(1);
    private Dictionary<TKey, TaskCompletionSource<TValue?>> waiting = [];

    public async Task<TValue?> ReadAsync(TKey key, CancellationToken cancellationToken)
    {
        var mine = Ask(key);
        while (!mine.IsCompleted)
        {
            await turn.WaitAsync(cancellationToken);
            try
            {
                if (!mine.IsCompleted)
                    await ReadBatchAsync();
            }
            finally
            {
                turn.Release();
            }
        }
        return await mine;
    }

    public void Dispose() => turn.Dispose();

    private Task<TValue?> Ask(TKey key)
    {
        lock (gate)
        {
            if (!waiting.TryGetValue(key, out var answer))
                waiting.Add(key, answer = new(TaskCreationOptions.RunContinuationsAsynchronously));
            return answer.Task;
        }
    }

    private async Task ReadBatchAsync()
    {
        Dictionary<TKey, TaskCompletionSource<TValue?>> batch;
        lock (gate)
        {
            batch = waiting.Count <= max ? waiting : waiting.Take(max).ToDictionary();
            waiting = waiting.Count <= max ? [] : waiting.Skip(max).ToDictionary();
        }
        try
        {
            // Not the token of the one who reads: the others wait for it too.
            using var deadline = new CancellationTokenSource(Deadline);
            var found = await read(batch.Keys, deadline.Token);
            foreach (var (key, answer) in batch)
                answer.SetResult(found.GetValueOrDefault(key));
        }
        catch (Exception e) when (Fail(batch.Values, e))
        {
        }
    }

    private static bool Fail(IEnumerable<TaskCompletionSource<TValue?>> batch, Exception e)
    {
        foreach (var answer in batch)
        {
            answer.TrySetException(e);
            _ = answer.Task.Exception; // seen, also where its asker has left
        }
        return true;
    }
}
