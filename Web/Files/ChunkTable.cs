using System.Data;
using AspireFeedback.Web.Log.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Files;

/// <summary>
/// The rows that hold bytes. Each call is one short transaction, so that neither a slow sender nor a slow reader holds a connection, and no statement
/// runs for long whatever the file's size.
/// </summary>
internal sealed class ChunkTable(LogDatabase database)
{
    /// <summary>Every chunk has this size, the last one of a file excepted: a place in the file tells the chunk.</summary>
    public const int ChunkSize = 256 * 1024;

    private const int RemovedAtOnce = 1000;

    /// <summary>Appends chunks to an upload that is under way.</summary>
    /// <returns>False: it has been given up meanwhile.</returns>
    public async Task<bool> AppendAsync(Guid upload, int number, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Holds the row until the commit: whoever gives the upload up does so before or after this, and then finds all its chunks.
        if (!await TouchAsync(connection, upload, cancellationToken))
            return false;
        await using (var copy = await connection.BeginBinaryImportAsync("copy file_chunks (upload, number, data) from stdin (format binary)", cancellationToken))
        {
            for (var offset = 0; offset < bytes.Length; offset += ChunkSize)
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(upload, NpgsqlDbType.Uuid, cancellationToken);
                await copy.WriteAsync(number++, NpgsqlDbType.Integer, cancellationToken);
                await copy.WriteAsync(bytes.Slice(offset, Math.Min(ChunkSize, bytes.Length - offset)), NpgsqlDbType.Bytea, cancellationToken);
            }

            await copy.CompleteAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Says that an upload is still under way, for a sender who takes long for a chunk.</summary>
    public async Task<bool> TouchAsync(Guid upload, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await TouchAsync(connection, upload, cancellationToken);
    }

    /// <summary>Reads chunks from <paramref name="number"/> on until <paramref name="buffer"/> is full, which must fit their sizes.</summary>
    public async Task ReadAsync(Guid upload, int number, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select data from file_chunks where upload = $1 and number >= $2 order by number limit $3");
        command.Parameters.Add(new() { Value = upload });
        command.Parameters.Add(new() { Value = number });
        command.Parameters.Add(new() { Value = (buffer.Length + ChunkSize - 1) / ChunkSize });
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            await using var chunk = await reader.GetStreamAsync(0, cancellationToken);
            var length = (int)chunk.Length;
            await chunk.ReadExactlyAsync(buffer[..length], cancellationToken);
            buffer = buffer[length..];
        }

        if (!buffer.IsEmpty)
            throw new IOException("The file was removed while it was read.");
    }

    /// <summary>Removes a batch of one abandoned upload's chunks, in the end the upload itself. Any instance may do this; two never do the same.</summary>
    /// <param name="upload">Only this one; any when absent.</param>
    /// <returns>Whether there may be more to remove.</returns>
    public async Task<bool> RemoveBatchAsync(Guid? upload, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            with target as materialized (
                select id from uploads where abandoned and id = coalesce($1, id) limit 1 for update skip locked
            ), removed as (
                delete from file_chunks where ctid = any (array(
                    select chunk.ctid from file_chunks chunk join target on target.id = chunk.upload limit {RemovedAtOnce}))
                returning 1
            ), emptied as (
                delete from uploads where id in (select id from target) and (select count(*) from removed) < {RemovedAtOnce} returning 1
            )
            select (select count(*) from target) > (select count(*) from emptied) or ($1 is null and exists (select from emptied))
            """);
        command.Parameters.Add(new() { Value = (object?)upload ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<bool> TouchAsync(NpgsqlConnection connection, Guid upload, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("update uploads set seen_at = now() where id = $1 and not abandoned", connection) { Parameters = { new() { Value = upload } } };
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
