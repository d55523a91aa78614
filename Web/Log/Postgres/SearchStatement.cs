using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>
/// A search over all owners. It reads the newest requests of each source (an index in the order of acceptance) up to a bound, and keeps what fits. A
/// source that has more than the bound sets a horizon: what lies behind it is left for the next page, so that no page skips anything.
/// </summary>
internal sealed class SearchStatement(LogDatabase database) : IRequestSearch
{
    /// <summary>Rows of a source that are looked at for one page when not all of them fit.</summary>
    public const int Bound = 5_000;

    // A search that nobody waits for any more, or that meets a database under load, must not add to it.
    private const string TimeLimit = "select set_config('statement_timeout', '5s', true)";

    private const string Page = "(r.created_at, r.id) < ($1, $2) and r.created_at <= $1 and r.created_at <= coalesce(now() - $3, 'infinity') and r.created_at >= coalesce(now() - $4, '-infinity')";

    private const string Newest = "order by r.created_at desc, r.id desc limit $5";

    private const string Fits = """
        ($6::text is null or r.status = $6) and ($7::text is null or r.kind = $7) and ($8::uuid is null or r.owner = $8)
        and (not $9 or coalesce((r.state::json ->> 'stalled')::boolean, false))
        and ($10::text is null or strpos(lower(concat_ws(' ', r.state::json #>> '{error,type}', r.state::json #>> '{error,title}', r.state::json #>> '{error,detail}')), lower($10)) > 0)
        """;

    private const string OfOwner = $"select r.id, r.created_at, {Fits} as fits from requests r where r.owner = $8 and {Page} {Newest}";
    private const string Ended = $"select r.id, r.created_at, {Fits} as fits from requests r where r.done and {Page} {Newest}";
    private const string WithoutResult = $"select r.id, r.created_at, {Fits} as fits from requests r where r.done and r.result is null and {Page} {Newest}";
    private const string OpenOfKind = $"select r.id, r.created_at, {Fits} as fits from requests r where r.kind = $7 and not r.done and {Page} {Newest}";

    // The kinds that are there, by jumping from one to the next: also those that the application no longer knows.
    private const string Open = $"""
        select r.id, r.created_at, r.fits from (
            with recursive kinds as (
                (select kind from requests where not done order by kind limit 1)
                union all
                select (select n.kind from requests n where not n.done and n.kind > k.kind order by n.kind limit 1) from kinds k where k.kind is not null
            )
            select o.* from kinds k, lateral (
                select r.id, r.created_at, {Fits} as fits from requests r where r.kind = k.kind and not r.done and {Page} {Newest}
            ) o
        ) r {Newest}
        """;

    public Task<FoundRequests> FindAsync(RequestSearch search, CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(TimeLimit));
        batch.BatchCommands.Add(Command(search));
        var found = new List<RequestState>(search.Limit);
        (DateTimeOffset, Guid)? next = null;
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!reader.IsDBNull(0))
                next = (Rows.TimeOf(reader, 0), reader.GetGuid(1));
            if (!reader.IsDBNull(2))
                found.Add(Rows.ReadState(reader, 2));
        }

        if (found.Count <= search.Limit)
            return new FoundRequests(found, next);
        found.RemoveAt(search.Limit);
        return new(found, (found[^1].CreatedAt, found[^1].Id));
    });

    private static NpgsqlBatchCommand Command(RequestSearch search)
    {
        var sources = SourcesOf(search).ToArray();
        var command = new NpgsqlBatchCommand(Sql(sources));
        var before = search.Before ?? (DateTimeOffset.MaxValue, Guid.AllBitsSet);
        command.Add(NpgsqlDbType.TimestampTz, before.CreatedAt.UtcDateTime);
        command.Add(NpgsqlDbType.Uuid, before.Id);
        command.Add(NpgsqlDbType.Interval, search.MinAge);
        command.Add(NpgsqlDbType.Interval, search.MaxAge);
        command.Add(NpgsqlDbType.Integer, FitsAll(search) ? search.Limit + 1 : Bound);
        command.Add(NpgsqlDbType.Text, search.Status is { } status ? Rows.NameOf(status) : null);
        command.Add(NpgsqlDbType.Text, search.Kind);
        command.Add(NpgsqlDbType.Uuid, search.Owner);
        command.Add(NpgsqlDbType.Boolean, search.Stalled);
        command.Add(NpgsqlDbType.Text, search.ErrorText);
        command.Add(NpgsqlDbType.Integer, search.Limit + 1);
        return command;
    }

    private static IEnumerable<string> SourcesOf(RequestSearch search)
    {
        if (search.Owner is not null)
        {
            yield return OfOwner;
            yield break;
        }

        var ends = search.Status is RequestStatus.Succeeded or RequestStatus.Failed or RequestStatus.Canceled;
        if (!ends)
            yield return search.Kind is null ? Open : OpenOfKind;
        // What succeeded or was canceled has no error any more; what stalls is open.
        if (search.Stalled || (search.Status is not null && !ends))
            yield break;
        yield return search.Status is RequestStatus.Failed or RequestStatus.Canceled || search.ErrorText is not null ? WithoutResult : Ended;
    }

    /// <summary>Then no row is read in vain.</summary>
    private static bool FitsAll(RequestSearch search) =>
        search is { Status: null, Kind: null, Stalled: false, ErrorText: null };

    private static string Sql(string[] sources)
    {
        var names = Enumerable.Range(0, sources.Length).Select(n => string.Create(CultureInfo.InvariantCulture, $"source_{n}")).ToArray();
        var all = string.Join(" union all ", names.Select(name => $"select * from {name}"));
        var ends = string.Join(" union all ", names.Select(name => $"(select created_at, id from {name} order by created_at desc, id desc offset $5 - 1 limit 1)"));
        return $"""
            with {string.Join(", ", names.Zip(sources, (name, source) => $"{name} as materialized ({source})"))},
            horizon as materialized (
                select created_at, id from ({ends}) ends order by created_at desc, id desc limit 1
            ), page as materialized (
                select s.id, s.created_at from ({all}) s
                where s.fits and not exists (select from horizon h where (s.created_at, s.id) < (h.created_at, h.id))
                order by s.created_at desc, s.id desc limit $11
            )
            select h.created_at, h.id, r.id, r.owner, r.kind, r.status, r.version, r.created_at, r.updated_at, r.deadline, r.state, null::text
            from (select) one left join horizon h on true left join page p on true left join requests r on r.id = p.id
            order by p.created_at desc, p.id desc
            """;
    }
}
