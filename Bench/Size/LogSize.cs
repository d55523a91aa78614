using AspireFeedback.Bench.Reporting;
using Npgsql;

namespace AspireFeedback.Bench.Size;

/// <summary>What requests and their events take in PostgreSQL, with indexes and with what updates have left behind.</summary>
internal sealed class LogSize(string connectionString) : IAsyncDisposable
{
    private static readonly string[] s_tables = ["request_events", "requests", "outbox", "leases"];

    private readonly NpgsqlDataSource _log = NpgsqlDataSource.Create(connectionString);

    public async Task<LogBytes> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = _log.CreateCommand(
            """
            select (select count(*) from requests), (select count(*) from request_events), pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    /// <summary>Dead rows are marked as free, as autovacuum does after a while; no table becomes smaller by it.</summary>
    public async Task VacuumAsync(CancellationToken cancellationToken)
    {
        await using var command = _log.CreateCommand("vacuum (analyze)");
        command.CommandTimeout = 300;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task PrintTablesAsync(LogBytes now, CancellationToken cancellationToken)
    {
        var table = new Table("", "rows", "table, bytes a request", "indexes, bytes a request", "bytes a row");
        foreach (var name in s_tables)
        {
            await using var command = _log.CreateCommand($"select (select count(*) from {name}), pg_table_size('{name}'), pg_indexes_size('{name}')");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var (rows, heap, indexes) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
            table.Add(name, $"{rows:N0}", $"{(double)heap / now.Requests:N0}", $"{(double)indexes / now.Requests:N0}", rows == 0 ? "" : $"{(double)(heap + indexes) / rows:N0}");
        }

        table.Print(Console.Out, $"{now.Requests:N0} requests with {now.Events:N0} events");
    }

    public async Task PrintEventsAsync(LogBytes now, CancellationToken cancellationToken)
    {
        var table = new Table("", "of each request", "data, bytes", "row, bytes");
        await using var command = _log.CreateCommand(
            """
            select type, count(*), avg(octet_length(data))::float8, avg(pg_column_size(e))::float8 from request_events e group by type order by count(*) desc, type
            """);
        command.CommandTimeout = 300;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            table.Add(reader.GetString(0), $"{(double)reader.GetInt64(1) / now.Requests:N2}", $"{reader.GetDouble(2):N0}", $"{reader.GetDouble(3):N0}");
        table.Print(Console.Out, "events, without their index entries");
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();
}

/// <param name="Wal">Bytes of the write-ahead log since the cluster was made.</param>
internal sealed record LogBytes(long Requests, long Events, long Wal);
