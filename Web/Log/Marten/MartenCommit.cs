using AspireFeedback.Web.Log.Postgres;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Marten;

/// <summary>
/// A batch of decided steps as one session. The snapshots are locked in the order of their ids and compared first: Marten refuses a whole session
/// for one stream that has moved, and here its neighbours must not suffer from it.
/// </summary>
internal sealed class MartenCommit(LogDatabase database, IDocumentStore store)
{
    public async Task<IReadOnlyList<CommitResult>> RunAsync(IReadOnlyList<Commit> batch, CancellationToken cancellationToken)
    {
        var items = batch.DistinctBy(item => item.After.Id).OrderBy(item => item.After.Id, UuidOrder.Instance).ToArray();
        await using var transaction = await MartenTransaction.BeginAsync(database, store, cancellationToken);
        var versions = await LockAsync(transaction.Connection, items, cancellationToken);
        var written = new Dictionary<Commit, DispatchPlan>(ReferenceEqualityComparer.Instance as IEqualityComparer<Commit>);
        foreach (var item in items.Where(item => versions.TryGetValue(item.After.Id, out var version) && version == item.Before.Version))
            written.Add(item, DispatchPlan.Of(item));
        if (written.Count > 0)
        {
            Write(transaction.Session, written);
            await transaction.CommitAsync(cancellationToken);
        }

        return [.. batch.Select(item => written.TryGetValue(item, out var plan) ? new CommitResult(true, OutgoingRow.DueOf(item, plan)) : new CommitResult(false))];
    }

    private static async Task<Dictionary<Guid, int>> LockAsync(NpgsqlConnection connection, Commit[] items, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select id, version from requests where id = any($1) order by id for update", connection);
        command.AddArray(NpgsqlDbType.Uuid, Array.ConvertAll(items, item => item.After.Id));
        var versions = new Dictionary<Guid, int>(items.Length);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            versions.Add(reader.GetGuid(0), reader.GetInt32(1));
        return versions;
    }

    private static void Write(IDocumentSession session, Dictionary<Commit, DispatchPlan> written)
    {
        foreach (var (item, _) in written)
            session.Events.Append(item.Before.Id, item.After.Version, [.. item.Events.Select(e => session.Events.At(e, item.At))]);
        DispatchDocument[] fresh = [.. written.SelectMany(pair => OutgoingRow.Of(pair.Key, pair.Value)).Select(DispatchDocument.Of)];
        session.Insert(fresh);

        var dropped = Ids(written, plan => plan.DropWork);
        if (dropped.Length > 0)
        {
            // What another holds is being deleted there, since it has been sent. Marten decides what of a session comes first.
            session.QueueSqlCommand(
                """
                delete from outbox where id in (
                    select id from outbox where request_id = any(?) and type = 'work' and id <> all(?) for update skip locked)
                """,
                dropped, Array.ConvertAll(fresh, dispatch => dispatch.Id));
        }

        var released = Ids(written, plan => plan.Release);
        if (released.Length > 0)
            session.QueueSqlCommand("delete from leases where request_id = any(?)", released);
        var guarded = Ids(written, plan => plan.Guard is not null);
        if (guarded.Length > 0)
        {
            session.QueueSqlCommand(
                """
                insert into leases (request_id, run, seen_at) select i.id, i.run, now() from unnest(?, ?) as i(id, run)
                on conflict (request_id) do update set run = excluded.run, seen_at = excluded.seen_at
                """,
                guarded, written.Values.Where(plan => plan.Guard is not null).Select(plan => plan.Guard!.Value).ToArray());
        }
    }

    private static Guid[] Ids(Dictionary<Commit, DispatchPlan> written, Func<DispatchPlan, bool> needs) =>
        [.. written.Where(pair => needs(pair.Value)).Select(pair => pair.Key.After.Id)];
}
