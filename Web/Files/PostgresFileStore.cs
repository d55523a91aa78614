using System.Data;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Files;

/// <summary>
/// Files as rows in PostgreSQL. An upload collects chunks under an id of its own, in many short transactions; one statement at the end makes it
/// a file. Whatever is not a file in the end is an abandoned upload, and goes in batches.
/// </summary>
internal sealed partial class PostgresFileStore(
    LogDatabase database, ChunkTable chunks, ChunkWriter writer, IOptions<FilesOptions> options, ILogger<PostgresFileStore> logger) : IFileStore
{
    private const string Columns = "owner, id, upload, name, media_type, size, sha256, request_id, created_at";
    private static readonly TimeSpan CleanupLimit = TimeSpan.FromSeconds(30);

    public async Task<StoredFile?> FindAsync(Guid owner, Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"select {Columns} from files where owner = $1 and id = $2");
        Add(command, owner, id);
        return await ReadAsync(command, cancellationToken);
    }

    public async Task<Written> WriteAsync(FileDraft draft, Stream content, CancellationToken cancellationToken)
    {
        if (await RenewAsync(draft.Owner, draft.Id, cancellationToken) is { } existing)
            return await CompareAsync(existing, draft.Length, content, cancellationToken);
        // Before a byte is read where the sender tells how many there are; else as soon as there are too many.
        var left = await LeftAsync(draft.Owner, cancellationToken);
        if (left == 0 || draft.Length > left)
            return new(WriteStatus.TooMuchStored);
        var most = Math.Min(options.Value.MaxBytes, left);
        var upload = await BeginAsync(cancellationToken);
        var complete = false;
        try
        {
            if (await writer.WriteAsync(upload, content, most, cancellationToken) is not { } digest)
                return new(WriteStatus.GivenUp);
            if (digest.Size > options.Value.MaxBytes)
                return new(WriteStatus.TooLarge);
            // Anew: others may have arrived meanwhile.
            if (digest.Size > most || digest.Size > await LeftAsync(draft.Owner, cancellationToken))
                return new(WriteStatus.TooMuchStored);
            // All bytes are here: a sender who leaves now gets the file all the same, as the answer may be on its way already.
            (complete, var owner) = await CompleteAsync(upload, draft, digest, CancellationToken.None);
            return await FindAsync(owner, draft.Id, CancellationToken.None) switch
            {
                { } file when complete => new(WriteStatus.Created, file),
                { } other => new(digest.IsOf(other) ? WriteStatus.Same : WriteStatus.Different, other),
                null => new(WriteStatus.GivenUp),
            };
        }
        finally
        {
            if (!complete)
                await AbandonAsync(upload);
        }
    }

    public Stream OpenRead(StoredFile file) => new ChunkStream(chunks, file.Upload, file.Size);

    public async Task<IReadOnlyList<Guid>> FindMissingAsync(Guid owner, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return [];
        await using var command = database.CreateCommand("select id, name from files where owner = $1 and id = any ($2)");
        Add(command, owner, ids.Distinct().ToArray());
        return Missing(ids, await FoundAsync(command, cancellationToken));
    }

    public async Task<KeptFiles> KeepAsync(Guid owner, IReadOnlyCollection<Guid> ids, Guid request, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return new([], []);
        // Locked in one order, so that two requests that name the same files do not deadlock. A file being removed at this moment counts as gone.
        // The hour is for the submit that follows: the cleanup must not come between, and finds the request afterwards.
        await using var command = database.CreateCommand("""
            with named as materialized (
                select id from files where owner = $1 and id = any ($2) order by id for update
            ), used as (
                insert into file_uses (file_id, request_id) select id, $3 from named order by id on conflict do nothing
            )
            update files set kept_until = greatest(kept_until, now() + interval '1 hour') from named
            where files.owner = $1 and files.id = named.id returning files.id, files.name
            """);
        Add(command, owner, ids.Distinct().ToArray(), request);
        var found = await FoundAsync(command, cancellationToken);
        return new(Missing(ids, found), [.. ids.Distinct().Select(id => found.GetValueOrDefault(id)).OfType<string>()]);
    }

    public async Task ReleaseAsync(IReadOnlyCollection<Guid> requests, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            with unnamed as (delete from file_uses where request_id = any ($1))
            update files set kept_until = least(kept_until, now()) where request_id = any ($1)
            """);
        Add(command, requests.ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<Dictionary<Guid, string?>> FoundAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<Guid, string?>();
        while (await reader.ReadAsync(cancellationToken))
            found[reader.GetGuid(0)] = reader.IsDBNull(1) ? null : reader.GetString(1);
        return found;
    }

    private static Guid[] Missing(IReadOnlyCollection<Guid> ids, Dictionary<Guid, string?> found) => [.. ids.Distinct().Where(id => !found.ContainsKey(id))];

    /// <summary>Whoever uploads a file again means to use it: it must not go between this answer and the request.</summary>
    private async Task<StoredFile?> RenewAsync(Guid owner, Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"update files set kept_until = greatest(kept_until, now() + interval '24 hours') where owner = $1 and id = $2 returning {Columns}");
        Add(command, owner, id);
        return await ReadAsync(command, cancellationToken);
    }

    private static async Task<Written> CompareAsync(StoredFile existing, long? length, Stream content, CancellationToken cancellationToken)
    {
        var same = (length is null || length == existing.Size)
            && (await ChunkWriter.DigestAsync(content, existing.Size, cancellationToken)).IsOf(existing);
        return new(same ? WriteStatus.Same : WriteStatus.Different, existing);
    }

    /// <summary>From the rows of the owner's files, of which there are few; the chunks are not looked at.</summary>
    private async Task<long> LeftAsync(Guid owner, CancellationToken cancellationToken)
    {
        if (options.Value.MaxBytesPerOwner == 0)
            return options.Value.Left(0);
        await using var command = database.CreateCommand("select coalesce(sum(size), 0)::bigint from files where owner = $1");
        Add(command, owner);
        return options.Value.Left((long)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    private async Task<Guid> BeginAsync(CancellationToken cancellationToken)
    {
        var upload = Guid.CreateVersion7();
        await using var command = database.CreateCommand("insert into uploads (id) values ($1)");
        Add(command, upload);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return upload;
    }

    /// <returns>Not done: the upload was given up, or another one was first with this id. Whose file it is: a guest may have signed in during the upload.</returns>
    private async Task<(bool Done, Guid Owner)> CompleteAsync(Guid upload, FileDraft draft, Digest digest, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            with whole as materialized (
                select id from uploads where id = $3 and not abandoned for update
            ), now_of as materialized (
                select coalesce((select moved_to from owners where id = $1), $1) as owner
            ), made as (
                insert into files (owner, id, upload, name, media_type, size, sha256, request_id, kept_until)
                select now_of.owner, $2, whole.id, $4, $5, $6, $7, $8, greatest($9, now() + interval '24 hours') from whole, now_of
                on conflict (owner, id) do nothing
                returning upload
            ), done as (
                delete from uploads where id in (select upload from made) returning 1
            )
            select exists (select from done), owner from now_of
            """);
        Add(command, draft.Owner, draft.Id, upload);
        command.Parameters.Add(new() { Value = (object?)draft.Name ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        Add(command, draft.MediaType, digest.Size, digest.Sha256);
        command.Parameters.Add(new() { Value = (object?)draft.RequestId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = (object?)draft.KeptUntil?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetBoolean(0), reader.GetGuid(1));
    }

    /// <summary>Takes back what has arrived, also when the sender is gone; what this cannot do the cleanup does an hour later.</summary>
    private async Task AbandonAsync(Guid upload)
    {
        using var limit = new CancellationTokenSource(CleanupLimit);
        try
        {
            await using var command = database.CreateCommand("update uploads set abandoned = true where id = $1");
            Add(command, upload);
            await command.ExecuteNonQueryAsync(limit.Token);
            while (await chunks.RemoveBatchAsync(upload, limit.Token))
            {
            }
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            LogLeft(upload, e.Message);
        }
    }

    private static async Task<StoredFile?> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetString(4), reader.GetInt64(5),
                reader.GetFieldValue<byte[]>(6), reader.IsDBNull(7) ? null : reader.GetGuid(7), reader.GetFieldValue<DateTimeOffset>(8))
            : null;
    }

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
    }

    [LoggerMessage(4001, LogLevel.Warning, "The chunks of upload {Upload} are left to the cleanup: {Reason}")]
    private partial void LogLeft(Guid upload, string reason);
}
