using System.Collections.Concurrent;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Identity;

/// <summary>What PostgreSQL says of an owner, beyond what cookies and tokens claim. It only ever moves forward.</summary>
/// <param name="Stamp">What a valid token carries.</param>
/// <param name="MovedTo">Where a guest's requests went; the guest itself is nobody any more.</param>
/// <param name="Name">Of a user who signed up here.</param>
internal sealed record OwnerStanding(Guid Id, long Stamp = 0, Guid? MovedTo = null, string? Name = null)
{
    /// <param name="stamp">The token's; null for a cookie.</param>
    public bool Admits(long? stamp) => MovedTo is null && (stamp is null || stamp == Stamp);

    public bool IsBefore(OwnerStanding other) =>
        Stamp < other.Stamp || (MovedTo is null && other.MovedTo is not null) || (Name is null && other.Name is not null);
}

/// <summary>Standings as this instance knows them: a few seconds old at most, and at once when they change here.</summary>
internal sealed class OwnerStandings : IAsyncDisposable
{
    /// <summary>How long a revocation on another instance may go unnoticed.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(3);

    /// <summary>Longer than the answer that brings a new cookie is on its way.</summary>
    private static readonly TimeSpan JustMoved = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, (OwnerStanding Standing, long At)> _known = [];
    private readonly Batches<Guid, OwnerStanding> _reads;
    private readonly LogDatabase _database;
    private readonly TimeProvider _time;

    public OwnerStandings(LogDatabase database, TimeProvider time)
    {
        (_database, _time) = (database, time);
        _reads = new(lanes: 1, maxBatch: 200, maxWaiting: 50_000, ReadAsync);
    }

    /// <param name="stamp">Of the caller's token. One that is ahead of what is known here was issued since, elsewhere.</param>
    public async ValueTask<OwnerStanding> OfAsync(Guid owner, long? stamp) =>
        _known.TryGetValue(owner, out var known) && _time.GetElapsedTime(known.At) < Kept && !(stamp > known.Standing.Stamp)
            ? known.Standing
            : await ReadAsync(owner);

    /// <summary>As it is now.</summary>
    public async Task<OwnerStanding> ReadAsync(Guid owner)
    {
        var began = _time.GetTimestamp();
        if (!_reads.TryAdd(owner, out var read))
            throw new LogUnavailableException("Too many owners are asked for at the same time.", new TimeoutException());
        return Note(await read, began);
    }

    /// <summary>Whether the owner's requests went to somebody else a moment ago, by PostgreSQL's clock.</summary>
    public Task<bool> HasJustMovedAsync(Guid owner, CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        await using var command = _database.CreateCommand("select exists (select from owners where id = $1 and moved_to is not null and changed_at > now() - $2)");
        command.Add(NpgsqlDbType.Uuid, owner);
        command.Add(NpgsqlDbType.Interval, JustMoved);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    });

    /// <summary>Voids all tokens of the owner that were issued so far.</summary>
    public async Task RevokeTokensAsync(Guid owner, CancellationToken cancellationToken)
    {
        await Faults.RunAsync(async () =>
        {
            await using var command = _database.CreateCommand(
                "insert into owners (id, stamp) values ($1, 1) on conflict (id) do update set stamp = owners.stamp + 1, changed_at = now()");
            command.Add(NpgsqlDbType.Uuid, owner);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        });
        await ReadAsync(owner);
    }

    public void Note(OwnerStanding standing) => Note(standing, _time.GetTimestamp());

    /// <summary>Drops what is too old to be used.</summary>
    public void Prune()
    {
        foreach (var entry in _known.Where(entry => _time.GetElapsedTime(entry.Value.At) >= Kept))
            _known.TryRemove(entry);
    }

    public ValueTask DisposeAsync() => _reads.DisposeAsync();

    /// <summary>A reading that began before a change must not undo it.</summary>
    private OwnerStanding Note(OwnerStanding standing, long at) =>
        _known.AddOrUpdate(standing.Id, (standing, at), (_, known) => standing.IsBefore(known.Standing) ? known : (standing, at)).Standing;

    private async Task<IReadOnlyList<OwnerStanding>> ReadAsync(IReadOnlyList<Guid> owners, CancellationToken cancellationToken)
    {
        const string sql = """
            select i.id, o.stamp, o.moved_to, u.name
            from unnest($1) as i(id) left join owners o on o.id = i.id left join users u on u.id = i.id
            where o.id is not null or u.id is not null
            """;
        return await Faults.RunAsync(async () =>
        {
            var found = new Dictionary<Guid, OwnerStanding>();
            await using var command = _database.CreateCommand(sql);
            command.AddArray(NpgsqlDbType.Uuid, owners.Distinct().ToArray());
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                found[reader.GetGuid(0)] = OwnerRows.StandingOf(reader);
            return (IReadOnlyList<OwnerStanding>)[.. owners.Select(owner => found.GetValueOrDefault(owner) ?? new OwnerStanding(owner))];
        });
    }
}

internal static class OwnerRows
{
    /// <summary>From the columns id, stamp, moved_to, name.</summary>
    public static OwnerStanding StandingOf(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.IsDBNull(1) ? 0 : reader.GetInt64(1),
        reader.IsDBNull(2) ? null : reader.GetGuid(2),
        reader.IsDBNull(3) ? null : reader.GetString(3));
}
