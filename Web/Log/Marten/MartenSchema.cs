using AspireFeedback.Web.Log.Postgres;
using Marten;
using Npgsql;

namespace AspireFeedback.Web.Log.Marten;

/// <summary>Has Marten bring up its tables, and puts the views over them, once the other tables are there. One replica at a time.</summary>
internal sealed class MartenSchema(LogDatabase database, IDocumentStore store) : IHostedLifecycleService
{
    private const long LockKey = 0x4D617274_656E0001; // "Marten"

    public Task StartingAsync(CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        await ApplyAsync(cancellationToken);
        return true;
    });

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var guard = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await guard.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(
            guard, $"set local lock_timeout = '60s'; set local idle_in_transaction_session_timeout = 0; select pg_advisory_xact_lock({LockKey})", cancellationToken);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await CreateViewsAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>In a transaction that begins after Marten's: the one above may remember that there is no such schema.</summary>
    private async Task CreateViewsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"set local search_path = {database.Views}; {ReadViews()}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string ReadViews()
    {
        using var reader = new StreamReader(typeof(MartenSchema).Assembly.GetManifestResourceStream("AspireFeedback.Web.Log.Marten.Views.sql")!);
        return reader.ReadToEnd();
    }
}
