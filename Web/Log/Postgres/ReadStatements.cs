using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>All reading of streams and snapshots.</summary>
internal sealed class ReadStatements(LogDatabase database, DatabaseClock clock)
{
    public async Task<Snapshots> LoadAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var states = new Dictionary<Guid, RequestState>(ids.Count);
        // One row at least, so that the time comes even when nothing is found.
        const string sql = $"select clock_timestamp(), {Rows.StateColumns} from (select) one left join requests r on r.id = any($1)";
        var now = await QueryAsync(sql, Parameters, reader =>
        {
            if (!reader.IsDBNull(1))
            {
                var state = Rows.ReadState(reader, 1);
                states[state.Id] = state;
            }

            return Rows.TimeOf(reader, 0);
        }, cancellationToken);
        clock.Observe(now[0]);
        return new(states, now[0]);

        void Parameters(NpgsqlCommand command) => command.AddArray(NpgsqlDbType.Uuid, ids.ToArray());
    }

    public Task<List<StoredEvent>> ReadStreamAsync(Guid id, int after, int limit, CancellationToken cancellationToken)
    {
        const string sql = "select request_id, version, at, type, data from request_events where request_id = $1 and version > $2 order by version limit $3";
        return QueryAsync(sql, command =>
        {
            command.Add(NpgsqlDbType.Uuid, id);
            command.Add(NpgsqlDbType.Integer, after);
            command.Add(NpgsqlDbType.Integer, limit);
        }, Rows.ReadEvent, cancellationToken);
    }

    public Task<List<StoredEvent>> ReadStreamsAsync(IReadOnlyDictionary<Guid, int> after, int limit, CancellationToken cancellationToken)
    {
        const string sql = """
            select e.* from unnest($1, $2) as i(id, after),
            lateral (select request_id, version, at, type, data from request_events
                     where request_id = i.id and version > i.after order by version limit $3) e
            order by e.request_id, e.version
            """;
        return QueryAsync(sql, command =>
        {
            command.AddArray(NpgsqlDbType.Uuid, after.Keys.ToArray());
            command.AddArray(NpgsqlDbType.Integer, after.Values.ToArray());
            command.Add(NpgsqlDbType.Integer, limit);
        }, Rows.ReadEvent, cancellationToken);
    }

    public Task<List<RequestState>> ListAsync(Guid owner, ListFilter filter, CancellationToken cancellationToken)
    {
        var query = new ListQuery(owner, filter);
        return QueryAsync(query.Text, query.AddParameters, reader => Rows.ReadState(reader), cancellationToken);
    }

    public async Task<Dictionary<Guid, int>> ReadVersionsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var rows = await QueryAsync(
            "select id, version from requests where id = any($1)",
            command => command.AddArray(NpgsqlDbType.Uuid, ids.ToArray()),
            reader => (Id: reader.GetGuid(0), Version: reader.GetInt32(1)),
            cancellationToken);
        return rows.ToDictionary(row => row.Id, row => row.Version);
    }

    public Task<List<Guid>> FindExpiredAsync(int limit, CancellationToken cancellationToken) => QueryAsync(
        "select id from requests where not done and deadline <= now() order by deadline limit $1",
        command => command.Add(NpgsqlDbType.Integer, limit),
        reader => reader.GetGuid(0),
        cancellationToken);

    public Task<List<SilentRun>> FindSilentAsync(
        IReadOnlyDictionary<string, TimeSpan> leases, TimeSpan otherwise, int limit, CancellationToken cancellationToken) => QueryAsync(
        // By the shortest lease first: only the states of what may be silent are parsed. A worker beats by the lease of its own hop.
        """
        select l.request_id, l.run, l.seen_at
        from leases l join requests r on r.id = l.request_id
        left join unnest($1, $2) as k(kind, lease) on k.kind = coalesce(r.state::json ->> 'resumeKind', r.kind)
        where l.seen_at < now() - $3 and l.seen_at < now() - coalesce(k.lease, $4) and r.status = 'Running'
          and r.state::json ->> 'run' = l.run::text and not coalesce((r.state::json ->> 'stalled')::boolean, false)
        order by l.seen_at desc limit $5
        """,
        command =>
        {
            command.AddArray(NpgsqlDbType.Text, leases.Keys.ToArray());
            command.AddArray(NpgsqlDbType.Interval, leases.Values.ToArray());
            command.Add(NpgsqlDbType.Interval, leases.Values.Append(otherwise).Min());
            command.Add(NpgsqlDbType.Interval, otherwise);
            command.Add(NpgsqlDbType.Integer, limit);
        },
        reader => new SilentRun(reader.GetGuid(0), reader.GetGuid(1), Rows.TimeOf(reader, 2)),
        cancellationToken);

    private async Task<List<T>> QueryAsync<T>(string sql, Action<NpgsqlCommand> addParameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        addParameters(command);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }
}
