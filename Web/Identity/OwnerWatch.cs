using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Identity;

/// <summary>
/// Policy: what ends an identity on one instance ends its open calls on every other one within seconds. Asks PostgreSQL for the owners that changed,
/// which are few; calls that are made anew are checked by themselves.
/// </summary>
internal sealed partial class OwnerWatch(
    LogDatabase database, OwnerStandings standings, OpenCalls calls, CarryOver carryOver, TimeProvider time, ILogger<OwnerWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Longer than a statement of ours may run: what was begun before the last look and committed after it is seen by the next.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(60);
    private const int RoundsBetweenCleanings = 30;

    private DateTimeOffset? _since;
    private int _rounds;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                standings.Prune();
                calls.EndExpired();
                var changed = await ReadChangedAsync(stoppingToken);
                foreach (var standing in changed)
                {
                    standings.Note(standing);
                    calls.End(standing);
                }

                // Afterwards: a move that fails or waits must not hold up the revocations of all others.
                foreach (var standing in changed)
                    await MoveLateAsync(standing, stoppingToken);

                if (_rounds++ % RoundsBetweenCleanings == 0)
                    await CleanAsync(stoppingToken);
            }
            catch (Exception e) when (e is LogUnavailableException or NpgsqlException)
            {
                LogPostponed(e.Message);
            }
        }
    }

    private async Task MoveLateAsync(OwnerStanding standing, CancellationToken cancellationToken)
    {
        if (standing.MovedTo is not { } owner)
            return;
        try
        {
            await carryOver.MoveLateAsync(standing.Id, owner, cancellationToken);
        }
        catch (Exception e) when (e is LogUnavailableException or NpgsqlException)
        {
            LogNotMoved(standing.Id, e.Message); // The next look finds it again, for a minute.
        }
    }

    private Task<List<OwnerStanding>> ReadChangedAsync(CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        const string sql = """
            select o.id, o.stamp, o.moved_to, u.name, n.now
            from (select now() as now) n left join owners o on o.changed_at > coalesce($1, n.now) - $2 left join users u on u.id = o.id
            """;
        var changed = new List<OwnerStanding>();
        var since = _since;
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = (object?)_since?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Add(NpgsqlDbType.Interval, Overlap);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            since = Rows.TimeOf(reader, 4);
            if (!reader.IsDBNull(0))
                changed.Add(OwnerRows.StandingOf(reader));
        }

        _since = since;
        return changed;
    });

    private async Task CleanAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("""
            delete from attempts where bucket in (select bucket from attempts where ends_at < now() limit 50000 for update skip locked)
            """));
        batch.BatchCommands.Add(new("""
            delete from pairing_codes where owner in (select owner from pairing_codes where expires_at < now() limit 50000 for update skip locked)
            """));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(4101, LogLevel.Warning, "The watch over owners waits for PostgreSQL: {Reason}")]
    private partial void LogPostponed(string reason);

    [LoggerMessage(4102, LogLevel.Warning, "What the guest {Guest} wrote while it moved stays behind for now: {Reason}")]
    private partial void LogNotMoved(Guid guest, string reason);
}
