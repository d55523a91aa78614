using AspireFeedback.Web.Log.Postgres;
using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Marten;

/// <summary>The upkeep of the log on Marten, shared with PostgreSQL's where it reads and removes.</summary>
internal sealed class MartenUpkeep(LogDatabase database, MartenRepeat repeat, PostgresUpkeep shared) : ILogUpkeep
{
    public Task<int> PromiseAsync(int limit, CancellationToken cancellationToken) => shared.PromiseAsync(limit, cancellationToken);

    public Task<int> BuryAsync(int limit, CancellationToken cancellationToken) => shared.BuryAsync(limit, cancellationToken);

    public Task<IReadOnlyList<Guid>> RemoveBuriedAsync(int limit, CancellationToken cancellationToken) => shared.RemoveBuriedAsync(limit, cancellationToken);

    public Task<int> RemoveEventsAsync(int limit, CancellationToken cancellationToken) => shared.RemoveEventsAsync(limit, cancellationToken);

    public async Task<int> ForgetAsync(int limit, CancellationToken cancellationToken)
    {
        await Faults.RunAsync(() => RemoveStreamsAsync(limit, cancellationToken));
        return await shared.ForgetAsync(limit, cancellationToken);
    }

    public Task<IReadOnlyList<RepeatedDispatch>> RepeatDispatchesAsync(
        IReadOnlyCollection<string> kinds, TimeSpan patience, int limit, CancellationToken cancellationToken) =>
        Faults.RunAsync(() => repeat.RunAsync(kinds, patience, limit, cancellationToken));

    public Task<IReadOnlyList<WaitingSample>> SampleWaitingAsync(IReadOnlyCollection<string> kinds, CancellationToken cancellationToken) =>
        shared.SampleWaitingAsync(kinds, cancellationToken);

    public Task<IReadOnlyDictionary<Guid, int>> CountOpenAsync(IReadOnlyCollection<Guid> owners, int most, CancellationToken cancellationToken) =>
        shared.CountOpenAsync(owners, most, cancellationToken);

    public Task<int> CountUnsentAsync(int most, CancellationToken cancellationToken) => shared.CountUnsentAsync(most, cancellationToken);

    /// <summary>Marten's row of a stream whose events have gone. As long as it stands, no stream can begin under its id.</summary>
    private async Task<int> RemoveStreamsAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            with gone as materialized (
                select s.id from mt_streams s join tombstones t on t.id = s.id
                where not t.removing and not exists (select from mt_events e where e.stream_id = s.id) limit $1 for update of s skip locked
            )
            delete from mt_streams s using gone where s.id = gone.id
            """);
        command.Add(NpgsqlDbType.Integer, limit);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
