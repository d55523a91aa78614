using AspireFeedback.Web.Log.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Identity;

/// <summary>
/// What a guest has goes to another owner, in one transaction, and the guest's identity ends: nobody may go on submitting to a place where nobody
/// looks. The log stays as it was written (who submitted is history); whose a request is, its row says, and that moves.
/// </summary>
internal sealed class CarryOver(LogDatabase database, OwnerStandings standings, OpenCalls calls)
{
    // The first writer of the owner's row decides: a guest that another call has moved stays where it is. Both rows, in the order of their ids:
    // two guests who move to each other at once must not both become nobody.
    private const string Lock = """
        insert into owners (id) select id from unnest(array[$1, $2]) as o(id) order by id
        on conflict (id) do update set stamp = owners.stamp
        """;

    private const string Retire = """
        update owners set moved_to = $2, stamp = stamp + 1, changed_at = now()
        where id = $1 and moved_to is null and not exists (select from users where users.id = $1)
            and not exists (select from owners target where target.id = $2 and target.moved_to is not null)
        """;

    // Guests that came to this guest by pairing, so that one step leads from any of them to where the requests are.
    private const string Follow = """
        update owners set moved_to = $2, changed_at = now()
        where moved_to = $1 and exists (select from owners o where o.id = $1 and o.moved_to = $2)
        """;

    // In the order of ids, as everywhere.
    private const string MoveRequests = """
        with mine as materialized (
            select r.id from requests r
            where r.owner = $1 and exists (select from owners o where o.id = $1 and o.moved_to = $2)
            order by r.id for update of r
        )
        update requests r set owner = $2 from mine where r.id = mine.id
        """;

    // Ids of files are made by clients: one that the new owner has too stays behind, and goes when its time is up.
    private const string MoveFiles = """
        update files f set owner = $2
        where f.owner = $1 and exists (select from owners o where o.id = $1 and o.moved_to = $2)
            and not exists (select from files theirs where theirs.owner = $2 and theirs.id = f.id)
        """;

    private const string MoveTombstones = """
        update tombstones set owner = $2 where owner = $1 and exists (select from owners o where o.id = $1 and o.moved_to = $2)
        """;

    // Who has a code of the guest would become nobody with it.
    private const string CloseCodes = "delete from pairing_codes where owner = $1 and exists (select from owners o where o.id = $1 and o.moved_to = $2)";

    private const string IsTargetThere = "select not exists (select from owners where id = $2 and moved_to is not null)";

    /// <returns>False: the owner is itself a guest who has moved on, and nothing was moved.</returns>
    public async Task<bool> MoveAsync(HttpContext context, Guid guest, Guid owner)
    {
        // Decided: a browser that leaves now must not be left with half of it.
        var isThere = await RunAsync(guest, owner, [Lock, Retire, Follow, MoveRequests, MoveFiles, MoveTombstones, CloseCodes, IsTargetThere], CancellationToken.None);
        var standing = await standings.ReadAsync(guest);
        // After the answer, which brings the new cookie: a page whose connection ends before would come back with the old one, as nobody.
        context.Response.OnCompleted(() =>
        {
            calls.End(standing);
            return Task.CompletedTask;
        });
        return isThere is not false;
    }

    /// <summary>A call of the guest that was let in just before may have written just after.</summary>
    public Task MoveLateAsync(Guid guest, Guid owner, CancellationToken cancellationToken) =>
        RunAsync(guest, owner, [MoveRequests, MoveFiles], cancellationToken);

    private Task<object?> RunAsync(Guid guest, Guid owner, string[] sqls, CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        // A batch is one transaction and one round trip; each of its statements sees what the lock has waited for.
        await using var batch = database.CreateBatch();
        foreach (var sql in sqls)
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = guest, NpgsqlDbType = NpgsqlDbType.Uuid });
            if (sql.Contains("$2", StringComparison.Ordinal))
                command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = owner, NpgsqlDbType = NpgsqlDbType.Uuid });
            batch.BatchCommands.Add(command);
        }

        return await batch.ExecuteScalarAsync(cancellationToken);
    });
}
