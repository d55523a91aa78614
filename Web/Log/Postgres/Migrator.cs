using Npgsql;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>
/// Applies the migrations that the database does not have yet, forward only, one replica at a time, all or none. What it has beyond them is a newer
/// version's, beside which this one goes on (<c>docs/log.md</c>).
/// </summary>
/// <param name="migrations">Absent: all that this version has.</param>
internal sealed partial class Migrator(LogDatabase database, ILogger<Migrator> logger, IReadOnlyList<Migration>? migrations = null)
{
    private const long LockKey = 0x46656564_6261636B; // "Feedback"

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Waits for the other replica; the lock ends with the transaction, however that ends.
        await ExecuteAsync(connection, $"set local lock_timeout = '60s'; set local statement_timeout = '10min'; select pg_advisory_xact_lock({LockKey})", cancellationToken);
        if (database.Views is not null)
            await ExecuteAsync(connection, $"set local search_path = {database.Schema ?? "public"}", cancellationToken);
        if (database.Schema is { } schema)
        {
            // Not "if not exists": that asks for the right to make one also where it is there.
            await ExecuteAsync(connection, $"do $$ begin if to_regnamespace('{schema}') is null then create schema {schema}; end if; end $$", cancellationToken);
        }

        await ExecuteAsync(connection, "create table if not exists schema_migrations (name text primary key, applied_at timestamptz not null default now())", cancellationToken);
        var applied = await AppliedAsync(connection, cancellationToken);
        foreach (var (name, sql) in (migrations ?? Migration.All).Where(migration => !applied.Contains(migration.Name)))
        {
            await ExecuteAsync(connection, sql, cancellationToken);
            await using var note = new NpgsqlCommand("insert into schema_migrations (name) values ($1)", connection) { Parameters = { new() { Value = name } } };
            await note.ExecuteNonQueryAsync(cancellationToken);
            LogApplied(name);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<HashSet<string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>();
        await using var command = new NpgsqlCommand("select name from schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            names.Add(reader.GetString(0));
        return names;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 700 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(1001, LogLevel.Information, "Applied migration {Name}")]
    private partial void LogApplied(string name);
}
