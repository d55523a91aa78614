using AspireFeedback.Web.Log.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Identity;

/// <summary>The open codes: one an owner, each for one use. PostgreSQL's clock decides.</summary>
internal sealed class PairingCodes(NpgsqlDataSource database)
{
    public Task OpenAsync(Guid owner, byte[] hash, CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        const string sql = """
            insert into pairing_codes (owner, code_hash, expires_at) values ($1, $2, now() + $3)
            on conflict (owner) do update set code_hash = excluded.code_hash, expires_at = excluded.expires_at
            """;
        await using var command = database.CreateCommand(sql);
        command.Add(NpgsqlDbType.Uuid, owner);
        command.Add(NpgsqlDbType.Bytea, hash);
        command.Add(NpgsqlDbType.Interval, PairingCode.Life);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    /// <returns>Whose code it was; null when it is not open (any more). Of two that use it at once, one gets the owner.</returns>
    public Task<Guid?> UseAsync(byte[] hash, CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        const string sql = """
            delete from pairing_codes where code_hash = $1 and expires_at > now()
                and not exists (select from owners where owners.id = pairing_codes.owner and owners.moved_to is not null)
            returning owner
            """;
        await using var command = database.CreateCommand(sql);
        command.Add(NpgsqlDbType.Bytea, hash);
        return (Guid?)await command.ExecuteScalarAsync(cancellationToken);
    });
}
