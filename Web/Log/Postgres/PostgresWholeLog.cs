using System.Runtime.CompilerServices;
using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>The whole log on PostgreSQL: by position, never beyond what is settled.</summary>
internal sealed class PostgresWholeLog(LogDatabase database, SettledPositions settled) : IWholeLog
{
    private const int Page = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async IAsyncEnumerable<LoggedEvent> ReadAllAsync(LogPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = await SettleAsync(cancellationToken);
        while (await ReadAsync(after, end, Page, cancellationToken) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
                yield return row.Read();
            after = rows[^1].Position;
        }
    }

    public async Task<IReadOnlyList<LoggedEvent>> ReadPageAsync(LogPosition after, int limit, CancellationToken cancellationToken)
    {
        var rows = await ReadAsync(after, await SettleAsync(cancellationToken), limit, cancellationToken);
        var events = new List<LoggedEvent>(rows.Count);
        foreach (var row in rows)
        {
            try
            {
                events.Add(row.Read());
            }
            catch (StoredEventException) when (events.Count > 0)
            {
                // Thrown when a page begins with it.
                break;
            }
        }

        return events;
    }

    public Task<LogLag> MeasureAsync(CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        await using var command = database.CreateCommand("""
            select (select coalesce(max(position), 0) from request_events),
                   (select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::float8 from log_writers)
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new LogLag(new(reader.GetInt64(0)), TimeSpan.FromSeconds(reader.GetDouble(1)));
    });

    private Task<LogPosition> SettleAsync(CancellationToken cancellationToken) => Faults.RunAsync(() => settled.SettleAsync(Patience, cancellationToken));

    private Task<List<Row>> ReadAsync(LogPosition after, LogPosition end, int limit, CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        await using var command = database.CreateCommand("""
            select position, request_id, version, at, type, data from request_events where position > $1 and position <= $2 order by position limit $3
            """);
        command.Add(NpgsqlDbType.Bigint, after.Value);
        command.Add(NpgsqlDbType.Bigint, end.Value);
        command.Add(NpgsqlDbType.Integer, limit);
        var rows = new List<Row>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new(new(reader.GetInt64(0)), reader.GetGuid(1), reader.GetInt32(2), Rows.TimeOf(reader, 3), reader.GetString(4), reader.GetString(5)));
        return rows;
    });

    private sealed record Row(LogPosition Position, Guid RequestId, int Version, DateTimeOffset At, string Type, string Data)
    {
        public LoggedEvent Read() => new(Position, new(RequestId, Version, At, EventNames.Read(Type, Data, RequestId, Version)));
    }
}
