using Npgsql;

namespace AspireFeedback.LocalAspire.Servers;

internal static class PostgresProbe
{
    public static async Task<string?> CheckAsync(string connectionString, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(connectionString, null, cancellationToken);
            await using var command = new NpgsqlCommand("select 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
            return null;
        }
        catch (NpgsqlException e)
        {
            return e.Message;
        }
    }

    public static async Task<string?> EnsureDatabaseAsync(string serverConnectionString, string database, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(serverConnectionString, "postgres", cancellationToken);
            await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = database } } };
            if (await exists.ExecuteScalarAsync(cancellationToken) is null)
            {
                var quoted = '"' + database.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
                await using var create = new NpgsqlCommand("create database " + quoted, connection);
                await create.ExecuteNonQueryAsync(cancellationToken);
            }

            return null;
        }
        catch (NpgsqlException e)
        {
            return e.Message;
        }
    }

    // Without pooling: a pool would keep connections over a restart of the server, and count against its limit.
    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, string? database, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 3 };
        settings.Database = database ?? settings.Database ?? "postgres";
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (NpgsqlException)
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
