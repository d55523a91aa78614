using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>A batch of decided steps as one statement: it compares the version, and writes snapshot, events and messages of those that match.</summary>
internal sealed class CommitStatement(LogDatabase database)
{
    // Rows are locked in the order of their ids, requests before outbox, as everywhere; a row that moved meanwhile no longer matches.
    private const string Sql = """
        with input as materialized (
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $24, $25)
                as i(id, expected, version, status, at, state, result, done, expires_at, drop_work, guard, release)
        ), matched as materialized (
            select r.id from requests r join input i on i.id = r.id and i.expected = r.version order by r.id for update of r
        ), moved as (
            update requests r
            set version = i.version, status = i.status, updated_at = i.at, state = i.state, result = i.result, done = i.done,
                expires_at = i.expires_at
            from input i join matched m using (id)
            where r.id = i.id
        ), logged as (
            insert into request_events (request_id, version, type, at, data)
            select e.id, e.version, e.type, e.at, e.data
            from unnest($11, $12, $13, $14, $15) with ordinality as e(id, version, type, at, data, n) join matched m using (id)
            order by e.n
        ), unsent as materialized (
            -- What another holds is being deleted there, since it has been sent.
            select o.id from outbox o join matched m on o.request_id = m.id join input i on i.id = m.id
            where i.drop_work and o.type = 'work' for update of o skip locked
        ), dropped as (
            delete from outbox o using unsent u where o.id = u.id
        ), released as (
            delete from leases l using input i, matched m where i.id = m.id and i.release and l.request_id = m.id
        ), guarded as (
            insert into leases (request_id, run, seen_at) select i.id, i.guard, now() from input i join matched using (id) where i.guard is not null
            on conflict (request_id) do update set run = excluded.run, seen_at = excluded.seen_at
        ), queued as (
            insert into outbox (request_id, type, kind, attempt, hop, version, body, due_at)
            select o.id, o.type, o.kind, o.attempt, o.hop, o.version, o.body, o.due_at
            from unnest($16, $17, $18, $19, $20, $21, $22, $23) as o(id, type, kind, attempt, hop, version, body, due_at) join matched m using (id)
        )
        select id from matched
        """;

    public async Task<IReadOnlyList<CommitResult>> RunAsync(IReadOnlyList<Commit> batch, CancellationToken cancellationToken)
    {
        // Of two steps of one request only the first can match; the other is decided again by the caller.
        var items = batch.DistinctBy(item => item.After.Id).OrderBy(item => item.After.Id, UuidOrder.Instance).ToArray();
        var events = items.SelectMany(item => item.Events.Select((e, n) => (item.Before.Id, Version: item.Before.Version + n + 1, item.At, Event: e))).ToArray();
        var plans = Array.ConvertAll(items, DispatchPlan.Of);
        var messages = items.Zip(plans, OutgoingRow.Of).SelectMany(rows => rows).ToArray();

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection);
        AddSnapshots(command, items, plans);
        command.AddArray(NpgsqlDbType.Uuid, Array.ConvertAll(events, e => e.Id));
        command.AddArray(NpgsqlDbType.Integer, Array.ConvertAll(events, e => e.Version));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(events, e => EventNames.StoredNameOf(e.Event)));
        command.AddArray(NpgsqlDbType.TimestampTz, Array.ConvertAll(events, e => e.At.UtcDateTime));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(events, e => EventNames.Write(e.Event)));
        AddMessages(command, messages);
        command.AddArray(NpgsqlDbType.Uuid, Array.ConvertAll(plans, plan => plan.Guard));
        command.AddArray(NpgsqlDbType.Boolean, Array.ConvertAll(plans, plan => plan.Release));

        var matched = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            matched.Add(reader.GetGuid(0));

        var written = items.Zip(plans).Where(pair => matched.Contains(pair.First.After.Id)).ToDictionary(pair => pair.First.After.Id);
        return [.. batch.Select(item => written.TryGetValue(item.After.Id, out var pair) && ReferenceEquals(pair.First, item)
            ? new CommitResult(true, OutgoingRow.DueOf(item, pair.Second))
            : new CommitResult(false))];
    }

    public async Task RenewLeasesAsync(IReadOnlySet<(Guid RequestId, Guid Run)> runs, CancellationToken cancellationToken)
    {
        // Only the run that counts, and only while it does: under the lock a commit that ends it has either not begun, or has ended and its row
        // is seen. A row that a commit holds now is passed over, since the next heartbeat comes long before the lease is over.
        const string sql = """
            with current as materialized (
                select i.id, i.run from unnest($1, $2) as i(id, run) join requests r on r.id = i.id
                where not r.done and r.state::json ->> 'run' = i.run::text
                order by i.id for key share of r skip locked
            )
            insert into leases (request_id, run, seen_at) select id, run, now() from current
            on conflict (request_id) do update set run = excluded.run, seen_at = excluded.seen_at
            """;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        command.AddArray(NpgsqlDbType.Uuid, runs.Select(run => run.RequestId).ToArray());
        command.AddArray(NpgsqlDbType.Uuid, runs.Select(run => run.Run).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void AddSnapshots(NpgsqlCommand command, Commit[] items, DispatchPlan[] plans)
    {
        command.AddArray(NpgsqlDbType.Uuid, Array.ConvertAll(items, item => item.After.Id));
        command.AddArray(NpgsqlDbType.Integer, Array.ConvertAll(items, item => item.Before.Version));
        command.AddArray(NpgsqlDbType.Integer, Array.ConvertAll(items, item => item.After.Version));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(items, item => Rows.NameOf(item.After.Status)));
        command.AddArray(NpgsqlDbType.TimestampTz, Array.ConvertAll(items, item => item.At.UtcDateTime));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(items, item => Rows.WriteState(item.After)));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(items, item => item.After.Result));
        command.AddArray(NpgsqlDbType.Boolean, Array.ConvertAll(items, item => item.After.Done));
        command.AddArray(NpgsqlDbType.TimestampTz, Array.ConvertAll(items, item => item.After.ExpiresAt?.UtcDateTime));
        command.AddArray(NpgsqlDbType.Boolean, Array.ConvertAll(plans, plan => plan.DropWork));
    }

    private static void AddMessages(NpgsqlCommand command, OutgoingRow[] rows)
    {
        command.AddArray(NpgsqlDbType.Uuid, Array.ConvertAll(rows, row => row.RequestId));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(rows, row => row.Type));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(rows, row => row.Kind));
        command.AddArray(NpgsqlDbType.Integer, Array.ConvertAll(rows, row => row.Attempt));
        command.AddArray(NpgsqlDbType.Integer, Array.ConvertAll(rows, row => row.Hop));
        command.AddArray(NpgsqlDbType.Integer, Array.ConvertAll(rows, row => row.Version));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(rows, row => row.Body));
        command.AddArray(NpgsqlDbType.TimestampTz, Array.ConvertAll(rows, row => row.DueAt.UtcDateTime));
    }
}
