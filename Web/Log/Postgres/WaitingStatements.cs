using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>What waits, as samples: for estimates and limits, never for one request.</summary>
internal sealed class WaitingStatements(LogDatabase database)
{
    /// <summary>Points of a queue; up to so many waiting, each has its own.</summary>
    private const int Points = 256;

    public async Task<IReadOnlyList<WaitingSample>> SampleAsync(IReadOnlyCollection<string> kinds, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            select clock_timestamp(), k.kind, w.waiting, w.accepted, w.places
            from unnest($1) as k(kind), lateral (
                select coalesce(max(place), 0)::int as waiting,
                       array_agg(created_at order by place) filter (where kept) as accepted,
                       array_agg(place::int order by place) filter (where kept) as places
                from (
                    select created_at, place, place = last or (place - 1) % greatest(1, last / $2) = 0 as kept
                    from (
                        select created_at, row_number() over (order by created_at, id) as place, count(*) over () as last
                        from requests where kind = k.kind and not done and status = 'Pending'
                    ) queue
                ) points
            ) w
            """);
        command.AddArray(NpgsqlDbType.Text, kinds.ToArray());
        command.Add(NpgsqlDbType.Integer, Points);
        var samples = new List<WaitingSample>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var accepted = reader.IsDBNull(3) ? [] : Array.ConvertAll(reader.GetFieldValue<DateTime[]>(3), at => new DateTimeOffset(at, TimeSpan.Zero));
            samples.Add(new(reader.GetString(1), Rows.TimeOf(reader, 0), reader.GetInt32(2), accepted, reader.IsDBNull(4) ? [] : reader.GetFieldValue<int[]>(4)));
        }

        return samples;
    }

    public async Task<IReadOnlyDictionary<Guid, int>> CountOpenAsync(IReadOnlyCollection<Guid> owners, int most, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            select o.id, (select count(*)::int from (select from requests where owner = o.id and not done limit $2) open) from unnest($1) as o(id)
            """);
        command.AddArray(NpgsqlDbType.Uuid, owners.ToArray());
        command.Add(NpgsqlDbType.Integer, most);
        var counts = new Dictionary<Guid, int>(owners.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            counts[reader.GetGuid(0)] = reader.GetInt32(1);
        return counts;
    }

    public async Task<int> CountUnsentAsync(int most, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select count(*)::int from (select from outbox where type <> 'timer' limit $1) unsent");
        command.Add(NpgsqlDbType.Integer, most);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
