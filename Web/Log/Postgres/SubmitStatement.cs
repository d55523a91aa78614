using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>A batch of submits as one statement: what is new is written with its event and its dispatch, of the rest it tells what stands there.</summary>
internal sealed class SubmitStatement(LogDatabase database, DatabaseClock clock, IOptions<RetentionOptions> retention)
{
    /// <summary>A dispatch is held this long by the instance that wrote it; after that any sweeper sends it.</summary>
    public static TimeSpan FirstClaim { get; } = TimeSpan.FromSeconds(10);

    public static TimeSpan DefaultDeadline { get; } = TimeSpan.FromDays(7);

    // The ids are sorted, so that two batches with the same ids rarely meet in opposite order.
    private static readonly string Sql = $"""
        with input as materialized (
            select * from unnest($1, $2, $3, $4, $5, $6, $7) as i(id, owner, kind, fingerprint, deadline, state, data)
        ), accepted as (
            insert into requests (id, owner, kind, status, version, created_at, updated_at, deadline, fingerprint, state)
            select id, owner, kind, 'Pending', 1, now(), now(), deadline, fingerprint, state from input i
            where not exists (select from tombstones t where t.id = i.id)
            order by id
            on conflict (id) do nothing
            returning id
        ), logged as (
            insert into request_events (request_id, version, type, at, data)
            select id, 1, '{EventNames.StoredNameOf(typeof(RequestAccepted))}', now(), data from input join accepted using (id)
        ), queued as (
            insert into outbox (request_id, type, kind, attempt, hop, version, due_at)
            select id, 'work', kind, 1, 1, 1, now() + $8 from input join accepted using (id)
            returning id as outbox_id, request_id, message_id
        )
        select now(), i.id, q.outbox_id, q.message_id, coalesce(r.fingerprint, t.fingerprint), coalesce(r.owner, t.owner), t.id is not null,
               {Rows.StateColumns}
        from input i
        left join queued q on q.request_id = i.id
        left join requests r on r.id = i.id
        left join tombstones t on t.id = i.id
        """;

    private const string FindSql = $"""
        select r.id, r.fingerprint, r.owner, {Rows.StateColumns} from requests r where r.id = any($1)
        union all
        select id, fingerprint, owner, null, null, null, null, null, null, null, null, null, null from tombstones where id = any($1)
        """;

    public async Task<IReadOnlyList<SubmitResult>> RunAsync(IReadOnlyList<Submission> batch, CancellationToken cancellationToken)
    {
        // Duplicates inside the batch: the first of an id stands for all, the others are compared with it.
        var unique = batch.DistinctBy(item => item.Id).OrderBy(item => item.Id, UuidOrder.Instance).ToArray();
        var accepted = unique.Select(Accept).ToArray();
        var found = await InsertAsync(unique, accepted, cancellationToken);
        // Committed by another after this statement's snapshot: neither inserted nor visible to it, but to the next.
        if (found.Count < unique.Length)
            await FindAsync(Array.FindAll(unique, item => !found.ContainsKey(item.Id)), found, cancellationToken);
        var firsts = new HashSet<Guid>();
        return [.. batch.Select(item => found.TryGetValue(item.Id, out var there)
            ? there.Answer(item, isFirst: firsts.Add(item.Id))
            : new SubmitResult(SubmitStatus.Refused))];
    }

    public async Task<SubmitResult?> FindAsync(Submission item, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Guid, Found>(1);
        await FindAsync([item], found, cancellationToken);
        return found.TryGetValue(item.Id, out var there) ? there.Answer(item, isFirst: true) : null;
    }

    public RequestAccepted Accept(Submission item) =>
        new(item.Kind, item.Owner, item.Payload, item.Files, item.Fingerprint, Microseconds(item.Deadline ?? clock.Now + DefaultDeadline), item.TraceParent, item.TraceState)
        {
            Retention = retention.Value.Period == RetentionOptions.Default ? null : retention.Value.Period,
            FileNames = item.FileNames,
        };

    /// <summary>PostgreSQL's resolution, so that the event, the row and what is answered at once say the same.</summary>
    private static DateTimeOffset Microseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private async Task<Dictionary<Guid, Found>> InsertAsync(Submission[] items, RequestAccepted[] accepted, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection);
        command.AddArray(NpgsqlDbType.Uuid, Array.ConvertAll(items, item => item.Id));
        command.AddArray(NpgsqlDbType.Uuid, Array.ConvertAll(items, item => item.Owner));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(items, item => item.Kind));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(items, item => item.Fingerprint));
        command.AddArray(NpgsqlDbType.TimestampTz, Array.ConvertAll(accepted, e => e.Deadline.UtcDateTime));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(accepted, e => Rows.WriteState(RequestState.Accept(default, e, default))));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(accepted, EventNames.Write));
        command.Add(NpgsqlDbType.Interval, FirstClaim);

        var byId = items.Zip(accepted).ToDictionary(pair => pair.First.Id);
        var found = new Dictionary<Guid, Found>(items.Length);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var now = Rows.TimeOf(reader, 0);
            var (item, e) = byId[reader.GetGuid(1)];
            clock.Observe(now);
            if (!reader.IsDBNull(2))
                found[item.Id] = Found.New(item, e, now, reader.GetInt64(2), reader.GetGuid(3));
            else if (!reader.IsDBNull(4))
                found[item.Id] = new(reader.GetString(4), reader.GetGuid(5), reader.GetBoolean(6) ? null : Rows.ReadState(reader, 7));
        }

        return found;
    }

    public async Task FindAsync(Submission[] items, Dictionary<Guid, Found> found, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(FindSql, connection);
        command.AddArray(NpgsqlDbType.Uuid, Array.ConvertAll(items, item => item.Id));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            found[reader.GetGuid(0)] = new(reader.GetString(1), reader.GetGuid(2), reader.IsDBNull(3) ? null : Rows.ReadState(reader, 3));
    }

    /// <summary>What stands under an id after the statement.</summary>
    internal sealed record Found(string Fingerprint, Guid Owner, RequestState? State, SubmitResult? Accepted = null)
    {
        public static Found New(Submission item, RequestAccepted e, DateTimeOffset now, long outboxId, Guid messageId)
        {
            var state = RequestState.Accept(item.Id, e, now);
            var outgoing = OutgoingRows.Work(state, outboxId, messageId, e.Payload.GetRawText());
            return new(item.Fingerprint, item.Owner, state, new(SubmitStatus.Accepted, state, new(item.Id, 1, now, e), outgoing));
        }

        public SubmitResult Answer(Submission item, bool isFirst) => this switch
        {
            { Accepted: { } accepted } when isFirst => accepted,
            _ when Fingerprint != item.Fingerprint || Owner != item.Owner => new(SubmitStatus.IdReused),
            { State: { } state } => new(SubmitStatus.Replayed, state),
            _ => new(SubmitStatus.Gone),
        };
    }
}
