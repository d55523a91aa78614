using AspireFeedback.Web.Log.Postgres;
using NpgsqlTypes;

namespace AspireFeedback.Web.Identity;

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

    /// <returns>False: somebody has that name.</returns>
    public Task<bool> AddAsync(Guid id, string name, string nameKey, string passwordHash, CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        await using var command = database.CreateCommand("insert into users (id, name, name_key, password_hash) values ($1, $2, $3, $4) on conflict (name_key) do nothing");
        command.Add(NpgsqlDbType.Uuid, id);
        command.Add(NpgsqlDbType.Text, name);
        command.Add(NpgsqlDbType.Text, nameKey);
        command.Add(NpgsqlDbType.Text, passwordHash);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    });

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
