using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>
/// How a request leaves the log: first its tombstone is written, a minute later the request goes, then its events, a year later the tombstone. At once would not
/// do: a submit that read the tombstones before would wait for the removal, find the id free, and have the same work done a second time.
/// </summary>
internal sealed class RetentionStatements(LogDatabase database)
{
    /// <summary>Longer than any statement of this application may run.</summary>
    private static readonly TimeSpan BeforeRemoval = TimeSpan.FromMinutes(1);

    private const int StreamsAtOnce = 100;

    private static readonly TimeSpan TombstoneLife = TimeSpan.FromDays(365);

    public async Task<int> PromiseAsync(int limit, CancellationToken cancellationToken)
    {
        // A buried request has none either, until it is removed. Days stand before a point in the state, which PostgreSQL writes otherwise.
        await using var command = database.CreateCommand("""
            with unpromised as materialized (
                select id from requests r
                where done and expires_at is null and not exists (select from tombstones t where t.id = r.id)
                order by id limit $1 for update skip locked
            )
            update requests r
            set expires_at = r.updated_at + coalesce(regexp_replace(r.state::json ->> 'retention', '^(\d+)\.', '\1 days ')::interval, $2)
            from unpromised u where r.id = u.id
            """);
        command.Add(NpgsqlDbType.Integer, limit);
        command.Add(NpgsqlDbType.Interval, RetentionOptions.Default);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<int> BuryAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            with ended as materialized (
                select id, owner, fingerprint from requests where expires_at <= now() order by expires_at limit $1 for update skip locked
            ), remembered as (
                insert into tombstones (id, owner, fingerprint, removed_at, removing)
                select id, owner, fingerprint, now(), true from ended order by id
                on conflict (id) do update set removed_at = excluded.removed_at, removing = true
            )
            update requests r set expires_at = null from ended where r.id = ended.id
            """);
        command.Add(NpgsqlDbType.Integer, limit);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<Guid>> RemoveBuriedAsync(int limit, CancellationToken cancellationToken)
    {
        // Requests before outbox, as everywhere. Nobody else writes to a request that has ended, so that no lock waits here for long.
        await using var command = database.CreateCommand("""
            with gone as materialized (
                select t.id from tombstones t where t.removing and t.removed_at <= now() - $2 and exists (select from requests r where r.id = t.id)
                order by t.removed_at limit $1 for update skip locked
            ), locked as materialized (
                select r.id from requests r join gone using (id) order by r.id for update of r
            ), requests_gone as (
                delete from requests r using locked where r.id = locked.id
            ), messages_gone as (
                delete from outbox o using gone where o.request_id = gone.id
            ), leases_gone as (
                delete from leases l using gone where l.request_id = gone.id
            ), repeats_gone as (
                delete from repeated_dispatches d using gone where d.request_id = gone.id
            )
            select id from locked
            """);
        command.Add(NpgsqlDbType.Integer, limit);
        command.Add(NpgsqlDbType.Interval, BeforeRemoval);
        var gone = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            gone.Add(reader.GetGuid(0));
        return gone;
    }

    /// <summary>
    /// A part at a time, so that no stream is too long for one statement. The snapshot has gone before, so that nobody reads half a stream; the
    /// tombstone counts as done when the last event has gone.
    /// </summary>
    public async Task<int> RemoveEventsAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            with gone as materialized (
                select t.id from tombstones t where t.removing and t.removed_at <= now() - $2 and not exists (select from requests r where r.id = t.id)
                order by t.removed_at limit $3 for update skip locked
            ), part as materialized (
                select e.request_id, e.version from gone join request_events e on e.request_id = gone.id limit $1
            ), removed as (
                delete from request_events e using part p where e.request_id = p.request_id and e.version = p.version
            ), done as (
                update tombstones t set removing = false from gone where t.id = gone.id and (select count(*) from part) < $1 returning t.id
            )
            select (select count(*) from part) + (select count(*) from done)
            """);
        command.Add(NpgsqlDbType.Integer, limit);
        command.Add(NpgsqlDbType.Interval, BeforeRemoval);
        command.Add(NpgsqlDbType.Integer, StreamsAtOnce);
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<int> ForgetAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            with old as materialized (
                select id from tombstones where not removing and removed_at <= now() - $2 order by removed_at limit $1 for update skip locked
            )
            delete from tombstones t using old where t.id = old.id
            """);
        command.Add(NpgsqlDbType.Integer, limit);
        command.Add(NpgsqlDbType.Interval, TombstoneLife);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
