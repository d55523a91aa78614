namespace AspireFeedback.Web.Log.Postgres;

/// <summary>The upkeep of the log on PostgreSQL, statement by statement.</summary>
internal sealed class PostgresUpkeep(RetentionStatements retention, RepeatStatement repeat, WaitingStatements waiting) : ILogUpkeep
{
    public Task<int> PromiseAsync(int limit, CancellationToken cancellationToken) =>
        Faults.RunAsync(() => retention.PromiseAsync(limit, cancellationToken));

    public Task<int> BuryAsync(int limit, CancellationToken cancellationToken) => Faults.RunAsync(() => retention.BuryAsync(limit, cancellationToken));

    public async Task<IReadOnlyList<Guid>> RemoveBuriedAsync(int limit, CancellationToken cancellationToken) =>
        await Faults.RunAsync(() => retention.RemoveBuriedAsync(limit, cancellationToken));

    public Task<int> RemoveEventsAsync(int limit, CancellationToken cancellationToken) =>
        Faults.RunAsync(() => retention.RemoveEventsAsync(limit, cancellationToken));

    public Task<int> ForgetAsync(int limit, CancellationToken cancellationToken) => Faults.RunAsync(() => retention.ForgetAsync(limit, cancellationToken));

    public async Task<IReadOnlyList<RepeatedDispatch>> RepeatDispatchesAsync(
        IReadOnlyCollection<string> kinds, TimeSpan patience, int limit, CancellationToken cancellationToken) =>
        await Faults.RunAsync(() => repeat.RunAsync(kinds, patience, limit, cancellationToken));

    public Task<IReadOnlyList<WaitingSample>> SampleWaitingAsync(IReadOnlyCollection<string> kinds, CancellationToken cancellationToken) =>
        Faults.RunAsync(() => waiting.SampleAsync(kinds, cancellationToken));

    public Task<IReadOnlyDictionary<Guid, int>> CountOpenAsync(IReadOnlyCollection<Guid> owners, int most, CancellationToken cancellationToken) =>
        Faults.RunAsync(() => waiting.CountOpenAsync(owners, most, cancellationToken));

    public Task<int> CountUnsentAsync(int most, CancellationToken cancellationToken) =>
        Faults.RunAsync(() => waiting.CountUnsentAsync(most, cancellationToken));
}
