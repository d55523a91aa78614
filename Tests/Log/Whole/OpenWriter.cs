using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Npgsql;
using NpgsqlTypes;
using Xunit;

namespace AspireFeedback.Tests.Log.Whole;

/// <summary>A transaction that has written to the log, or is about to, for as long as a test wants. Disposed without a commit it leaves nothing.</summary>
internal sealed class OpenWriter(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<OpenWriter> StartAsync(LogDatabase database)
    {
        var connection = await database.OpenConnectionAsync(Cancellation);
        return new(connection, await connection.BeginTransactionAsync(Cancellation));
    }

    /// <summary>A transaction id without any event.</summary>
    public async Task TakeIdAsync()
    {
        await using var command = new NpgsqlCommand("select pg_current_xact_id()", connection);
        await command.ExecuteScalarAsync(Cancellation);
    }

    /// <returns>The request of the event.</returns>
    public async Task<Guid> WriteAsync()
    {
        var id = Guid.CreateVersion7();
        var accepted = Given.Accepted();
        await using var command = new NpgsqlCommand("insert into request_events (request_id, version, type, at, data) values ($1, 1, $2, now(), $3)", connection);
        command.Parameters.Add(new() { Value = id, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = EventNames.StoredNameOf(accepted), NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = EventNames.Write(accepted), NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(Cancellation);
        return id;
    }

    public Task CommitAsync() => transaction.CommitAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
