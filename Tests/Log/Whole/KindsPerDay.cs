using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Tests.Log.Whole;

/// <summary>
/// An example of a projection: how many requests of each kind were accepted on each day. Its position is stored in the transaction that stores what
/// it made of the events up to there, so that each event counts once, however often it stops and wherever; any replica may run it.
/// </summary>
internal sealed class KindsPerDay(LogDatabase database, IWholeLog log)
{
    private const string Name = "kinds-per-day";

    public const string Schema = """
        create table if not exists projection_positions (name text primary key, position bigint not null);
        create table if not exists kinds_per_day (day date, kind text, accepted bigint not null, primary key (day, kind));
        """;

    /// <returns>How many events were counted in; 0 when there was nothing new, or when another replica was faster.</returns>
    public async Task<int> RunOnceAsync(int page, CancellationToken cancellationToken)
    {
        var position = await PositionAsync(cancellationToken);
        var events = await log.ReadPageAsync(position, page, cancellationToken);
        if (events.Count == 0)
            return 0;

        var counts = events.Where(e => e.Stored.Event is RequestAccepted)
            .CountBy(e => (DateOnly.FromDateTime(e.Stored.At.UtcDateTime), ((RequestAccepted)e.Stored.Event).Kind)).ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await MoveAsync(connection, position, events[^1].Position, cancellationToken))
            return 0;
        await using var add = new NpgsqlCommand("""
            insert into kinds_per_day (day, kind, accepted) select * from unnest($1, $2, $3)
            on conflict (day, kind) do update set accepted = kinds_per_day.accepted + excluded.accepted
            """, connection);
        add.Parameters.Add(new() { Value = Array.ConvertAll(counts, count => count.Key.Item1), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date });
        add.Parameters.Add(new() { Value = Array.ConvertAll(counts, count => count.Key.Kind), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        add.Parameters.Add(new() { Value = Array.ConvertAll(counts, count => (long)count.Value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        await add.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return events.Count;
    }

    private async Task<LogPosition> PositionAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select position from projection_positions where name = $1");
        command.Parameters.Add(new() { Value = Name });
        return await command.ExecuteScalarAsync(cancellationToken) is long position ? new(position) : LogPosition.Start;
    }

    /// <summary>Only from where these events were read: of two replicas that read the same, one counts.</summary>
    private static async Task<bool> MoveAsync(NpgsqlConnection connection, LogPosition from, LogPosition to, CancellationToken cancellationToken)
    {
        var sql = from == LogPosition.Start
            ? "insert into projection_positions values ($1, $2) on conflict do nothing"
            : "update projection_positions set position = $2 where name = $1 and position = $3";
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = Name }, new() { Value = to.Value } } };
        if (from != LogPosition.Start)
            command.Parameters.Add(new() { Value = from.Value });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
