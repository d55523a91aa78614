using AspireFeedback.Web.Log.Postgres;
using NpgsqlTypes;

namespace AspireFeedback.Web.Identity;

/// <summary>The open codes: one an owner, each for one use. PostgreSQL's clock decides.</summary>
internal sealed class PairingCodes(LogDatabase database)
{
    public Task OpenAsync(Me owner, byte[] hash, CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        const string sql = """
            insert into pairing_codes (owner, kind, name, code_hash, expires_at) values ($1, $2, $3, $4, now() + $5)
            on conflict (owner) do update
            set kind = excluded.kind, name = excluded.name, code_hash = excluded.code_hash, expires_at = excluded.expires_at
            """;
        await using var command = database.CreateCommand(sql);
        command.Add(NpgsqlDbType.Uuid, owner.Id);
        command.Add(NpgsqlDbType.Text, owner.Kind);
        command.Parameters.Add(new() { Value = (object?)owner.Name ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Add(NpgsqlDbType.Bytea, hash);
        command.Add(NpgsqlDbType.Interval, PairingCode.Life);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    /// <returns>Whose code it was; null when it is not open (any more). Of two that use it at once, one gets the owner.</returns>
    public Task<Me?> UseAsync(byte[] hash, CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        const string sql = """
            delete from pairing_codes where code_hash = $1 and expires_at > now()
                and not exists (select from owners where owners.id = pairing_codes.owner and owners.moved_to is not null)
            returning owner, kind, name
            """;
        await using var command = database.CreateCommand(sql);
        command.Add(NpgsqlDbType.Bytea, hash);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new Me(reader.GetGuid(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2)) : null;
    });
}
