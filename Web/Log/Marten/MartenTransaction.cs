using System.Runtime.ExceptionServices;
using AspireFeedback.Web.Log.Postgres;
using JasperFx;
using Marten;
using Marten.Exceptions;
using Npgsql;
using SessionOptions = Marten.Services.SessionOptions;

namespace AspireFeedback.Web.Log.Marten;

/// <summary>
/// One session for a batch, in a transaction that first says that it will write events. Readers of the whole log wait for who has said so
/// (<see cref="SettledPositions"/>), and Marten takes positions from its sequence before it writes.
/// </summary>
internal sealed class MartenTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, IDocumentSession session) : IAsyncDisposable
{
    public NpgsqlConnection Connection => connection;

    public IDocumentSession Session => session;

    public static async Task<MartenTransaction> BeginAsync(LogDatabase database, IDocumentStore store, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        NpgsqlTransaction? transaction = null;
        try
        {
            transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var announce = new NpgsqlCommand("lock table mt_events in row exclusive mode", connection);
            await announce.ExecuteNonQueryAsync(cancellationToken);
            return new(connection, transaction, store.LightweightSession(SessionOptions.ForTransaction(transaction)));
        }
        catch
        {
            if (transaction is not null)
                await transaction.DisposeAsync();
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="PostgresException">What PostgreSQL said, without what Marten wraps around it.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await session.SaveChangesAsync(cancellationToken);
        }
        catch (Exception e) when (e is MartenException or ConcurrencyException && InnerNpgsql(e) is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static NpgsqlException? InnerNpgsql(Exception e)
    {
        for (var inner = e.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is NpgsqlException found)
                return found;
        }

        return null;
    }
}
