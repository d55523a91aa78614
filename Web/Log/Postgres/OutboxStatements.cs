using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>Taking, completing and postponing what is to be sent. Several instances take at once and skip what another holds.</summary>
internal sealed partial class OutboxStatements(LogDatabase database, ILogger<OutboxStatements> logger)
{
    /// <summary>
    /// No wait for the disk: what a crash of PostgreSQL takes back here, at most half a second of it, is sent once more, and a second dispatch of
    /// an attempt decides nothing. No wait for a row either: who holds it is a commit that deletes it, and with each holding what the other
    /// wants both would stand still for a second, until PostgreSQL ends one of them as a deadlock.
    /// </summary>
    private const string Unhurried = """
        with unhurried as materialized (
            select set_config('synchronous_commit', 'off', true)
        ), free as materialized (
            select id from outbox where id = any($1) and (select true from unhurried) for update skip locked
        )
        """;

    private const string ClaimSql = $"""
        with due as materialized (
            select id from outbox where due_at <= now() and type <> 'timer' order by due_at limit $1 for update skip locked
        ), claimed as (
            update outbox o set due_at = now() + $2 from due d where o.id = d.id
            returning o.id as outbox_id, o.request_id, o.message_id, o.type, o.attempt, o.version, o.body
        )
        select c.outbox_id, c.message_id, c.type, coalesce(c.body, e.data), e.type, c.attempt, c.version, {Rows.StateColumns}
        from claimed c
        join requests r on r.id = c.request_id
        left join request_events e on e.request_id = c.request_id and e.version = c.version
        order by c.outbox_id
        """;

    public async Task<IReadOnlyList<Outgoing>> ClaimAsync(int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        var claimed = new List<Outgoing>();
        var outdated = new List<long>();
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var command = new NpgsqlCommand(ClaimSql, connection);
            command.Add(NpgsqlDbType.Integer, limit);
            command.Add(NpgsqlDbType.Interval, lease);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                try
                {
                    if (ReadClaimed(reader) is { } outgoing)
                        claimed.Add(outgoing);
                    else
                        outdated.Add(reader.GetInt64(0));
                }
                catch (Exception e) when (e is StoredEventException or InvalidDataException)
                {
                    // The row stays, and who claims it next may be of a version that can read it.
                    LogUnreadable(e.Message);
                }
            }
        }

        if (outdated.Count > 0)
            await CompleteAsync(outdated, cancellationToken);
        return claimed;
    }

    /// <summary>
    /// Whether the request still waits for this dispatch. A commit passes over rows that another holds, so that one may be left; sent, it would
    /// bring the payload of its own hop with the attempt and the kind of what is next.
    /// </summary>
    private static bool IsScheduled(RequestState state, int attempt, int version) =>
        state.Open && state.CancelRequestedAt is null && (attempt, version) == (state.Attempt, state.ResumeVersion);

    public async Task<IReadOnlyList<DueTimer>> ClaimTimersAsync(int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        const string sql = """
            with due as materialized (
                select id from outbox where due_at <= now() and type = 'timer' order by due_at limit $1 for update skip locked
            ), claimed as (
                update outbox o set due_at = now() + $2 from due d where o.id = d.id returning o.id, o.request_id, o.kind
            )
            select c.id, c.request_id, c.kind, now() - l.seen_at, now() - (r.state::json ->> 'cancelRequestedAt')::timestamptz
            from claimed c left join requests r on r.id = c.request_id left join leases l on l.request_id = c.request_id
            """;
        var claimed = new List<DueTimer>();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Add(NpgsqlDbType.Integer, limit);
        command.Add(NpgsqlDbType.Interval, lease);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            claimed.Add(new(reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), SpanOf(reader, 3), SpanOf(reader, 4)));
        return claimed;
    }

    public Task CompleteAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) =>
        ExecuteAsync($"{Unhurried} delete from outbox o using free where o.id = free.id", ids, null, cancellationToken);

    public Task PostponeAsync(IReadOnlyCollection<long> ids, TimeSpan delay, CancellationToken cancellationToken) =>
        ExecuteAsync($"{Unhurried} update outbox o set due_at = now() + $2 from free where o.id = free.id", ids, delay, cancellationToken);

    /// <returns><c>null</c>: nobody waits for it any more.</returns>
    private static Outgoing? ReadClaimed(NpgsqlDataReader reader)
    {
        var (id, messageId, type, text) = (reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3));
        var state = Rows.ReadState(reader, 7);
        if (type == "stop")
            return OutgoingRows.Stop(state, id, messageId, text);
        var version = reader.GetInt32(6);
        return IsScheduled(state, attempt: reader.GetInt32(5), version)
            ? OutgoingRows.Work(state, id, messageId, PayloadOf(EventNames.Read(reader.GetString(4), text, state.Id, version)))
            : null;
    }

    private static TimeSpan? SpanOf(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetTimeSpan(column);


    private static string PayloadOf(RequestEvent e) => e switch
    {
        RequestAccepted x => x.Payload.GetRawText(),
        HopForwarded x => x.Message.GetRawText(),
        _ => throw new InvalidDataException($"An outbox row points at {EventNames.NameOf(e)}, which holds no message."),
    };

    private async Task ExecuteAsync(string sql, IReadOnlyCollection<long> ids, TimeSpan? delay, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        command.AddArray(NpgsqlDbType.Bigint, ids.ToArray());
        if (delay is { } value)
            command.Add(NpgsqlDbType.Interval, value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(1203, LogLevel.Error, "A message of the outbox cannot be made by this version: {Reason}")]
    private partial void LogUnreadable(string reason);
}
