using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>
/// Finds dispatches that left the outbox and never started, and puts them into it again, in one statement. Two instances that look at once meet at
/// the row in repeated_dispatches: only the one that moves its time repeats.
/// </summary>
internal sealed class RepeatStatement(LogDatabase database)
{
    // Between two hops a request is running without a run: the forward has been told, the start of the next hop has not.
    // The row before the state: text is cheaper to look through than to parse, and in a long queue most rows are of kinds that are not asked for.
    public const string Unstarted = """
        with unstarted as materialized (
            select r.id, coalesce(r.state::json ->> 'resumeKind', r.kind) as kind, r.state::json as state
            from requests r
            where not r.done and r.status in ('Pending', 'Running') and r.updated_at <= now() - $2
              and (r.kind = any($1) or position('"resumeKind"' in r.state) > 0)
              and not exists (select from outbox o where o.request_id = r.id and o.type = 'work')
              and not exists (select from leases l where l.request_id = r.id)
              and not exists (select from repeated_dispatches d where d.request_id = r.id and d.at > now() - $2)
              and coalesce(r.state::json ->> 'resumeKind', r.kind) = any($1)
              and coalesce((r.state::json ->> 'nextAttemptAt')::timestamptz, r.updated_at) <= now() - $2
              and r.state::json ->> 'run' is null
              and r.state::json ->> 'cancelRequestedAt' is null
            limit $3
            for update of r skip locked
        ), noted as (
            insert into repeated_dispatches (request_id, at) select id, now() from unstarted order by id
            on conflict (request_id) do update set at = excluded.at where repeated_dispatches.at <= now() - $2
            returning request_id
        )
        """;

    private const string Sql = $"""
        {Unstarted}
        insert into outbox (request_id, type, kind, attempt, hop, version, due_at)
        select u.id, 'work', u.kind, (u.state ->> 'attempt')::int, (u.state ->> 'resumeHop')::int, (u.state ->> 'resumeVersion')::int, now()
        from unstarted u join noted n on n.request_id = u.id order by u.id
        returning request_id, kind, attempt
        """;

    public async Task<IReadOnlyList<RepeatedDispatch>> RunAsync(
        IReadOnlyCollection<string> kinds, TimeSpan patience, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql);
        command.AddArray(NpgsqlDbType.Text, kinds.ToArray());
        command.Add(NpgsqlDbType.Interval, patience);
        command.Add(NpgsqlDbType.Integer, limit);
        var repeated = new List<RepeatedDispatch>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            repeated.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetInt32(2)));
        return repeated;
    }
}
