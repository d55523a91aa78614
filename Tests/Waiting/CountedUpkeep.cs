using AspireFeedback.Web.Log;

namespace AspireFeedback.Tests.Waiting;

/// <summary>Counts what is asked of another.</summary>
internal sealed class CountedUpkeep(ILogUpkeep inner) : ILogUpkeep
{
    private int _samples;
    private int _counts;

    public int Samples => Volatile.Read(ref _samples);

    public int Counts => Volatile.Read(ref _counts);

    public Task<IReadOnlyList<WaitingSample>> SampleWaitingAsync(IReadOnlyCollection<string> kinds, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _samples);
        return inner.SampleWaitingAsync(kinds, cancellationToken);
    }

    public Task<IReadOnlyDictionary<Guid, int>> CountOpenAsync(IReadOnlyCollection<Guid> owners, int most, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _counts);
        return inner.CountOpenAsync(owners, most, cancellationToken);
    }

    public Task<int> CountUnsentAsync(int most, CancellationToken cancellationToken) => inner.CountUnsentAsync(most, cancellationToken);

    public Task<int> PromiseAsync(int limit, CancellationToken cancellationToken) => inner.PromiseAsync(limit, cancellationToken);

    public Task<int> BuryAsync(int limit, CancellationToken cancellationToken) => inner.BuryAsync(limit, cancellationToken);

    public Task<IReadOnlyList<Guid>> RemoveBuriedAsync(int limit, CancellationToken cancellationToken) => inner.RemoveBuriedAsync(limit, cancellationToken);

    public Task<int> RemoveEventsAsync(int limit, CancellationToken cancellationToken) => inner.RemoveEventsAsync(limit, cancellationToken);

    public Task<int> ForgetAsync(int limit, CancellationToken cancellationToken) => inner.ForgetAsync(limit, cancellationToken);

    public Task<IReadOnlyList<RepeatedDispatch>> RepeatDispatchesAsync(
        IReadOnlyCollection<string> kinds, TimeSpan patience, int limit, CancellationToken cancellationToken) =>
        inner.RepeatDispatchesAsync(kinds, patience, limit, cancellationToken);
}
