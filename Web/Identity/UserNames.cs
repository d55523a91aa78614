using AspireFeedback.Web.Log.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Identity;

internal enum SignUpOutcome
{
    Added,
    NameTaken,

    /// <summary>The guest has become somebody meanwhile: a user, or a part of one.</summary>
    GuestGone,
}

internal sealed record StoredUser(Guid Id, string Name, string PasswordHash);

/// <summary>Users of this installation, by name.</summary>
internal sealed class UserNames(LogDatabase database)
{
    public Task<StoredUser?> FindAsync(string nameKey, CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        await using var command = database.CreateCommand("select id, name, password_hash from users where name_key = $1");
        command.Add(NpgsqlDbType.Text, nameKey);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new StoredUser(reader.GetGuid(0), reader.GetString(1), reader.GetString(2)) : null;
    });

    /// <summary>The owner's id becomes the user's: no request has to move, and every device of the guest is the user's from now on.</summary>
    public async Task<SignUpOutcome> AddAsync(Guid owner, string name, string nameKey, string passwordHash, CancellationToken cancellationToken)
    {
        var added = await Faults.RunAsync(async () =>
        {
            await using var batch = database.CreateBatch();
            // The owner's row is the lock on which a sign-up and a carry-over of the same guest meet; the next statement sees who was first.
            var claim = new NpgsqlBatchCommand("insert into owners (id) values ($1) on conflict (id) do update set changed_at = now()");
            claim.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = owner });
            var add = new NpgsqlBatchCommand("""
                insert into users (id, name, name_key, password_hash)
                select o.id, $2, $3, $4 from owners o where o.id = $1 and o.moved_to is null
                on conflict do nothing returning id
                """);
            add.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = owner });
            foreach (var text in new[] { name, nameKey, passwordHash })
                add.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Text });
            batch.BatchCommands.Add(claim);
            batch.BatchCommands.Add(add);
            return await batch.ExecuteScalarAsync(cancellationToken) is Guid;
        });
        if (added)
            return SignUpOutcome.Added;
        return await FindAsync(nameKey, cancellationToken) is { } other && other.Id != owner ? SignUpOutcome.NameTaken : SignUpOutcome.GuestGone;
    }

    public Task RehashAsync(StoredUser user, string passwordHash, CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        // Unless the password was changed meanwhile.
        await using var command = database.CreateCommand("update users set password_hash = $3 where id = $1 and password_hash = $2");
        command.Add(NpgsqlDbType.Uuid, user.Id);
        command.Add(NpgsqlDbType.Text, user.PasswordHash);
        command.Add(NpgsqlDbType.Text, passwordHash);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });
}
