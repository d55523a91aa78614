using AspireFeedback.Web.Log.Postgres;
using Npgsql;

namespace AspireFeedback.Web.Files;

/// <summary>
/// Policy: a file goes a day after its upload, or when the last request that names it is gone; an upload that has not been heard of for an hour is
/// given up. Every instance does this, in small batches that skip what another one has; PostgreSQL's clock decides.
/// </summary>
internal sealed partial class FileCleanup(LogDatabase database, ChunkTable chunks, TimeProvider time, ILogger<FileCleanup> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Of a file <c>f</c>.</summary>
    private const string IsNamed = """
        exists (
            select from file_uses u join requests r on r.id = u.request_id
            where u.file_id = f.id and r.owner = f.owner and position(f.id::text in r.state) > 0)
        """;

    /// <summary>At most so many statements in one turn.</summary>
    private const int MaxBatches = 1000;

    /// <returns>How many files and uploads have begun to go.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var gone = 0;
        for (var batch = 0; batch < MaxBatches && await KeepNamedAsync(cancellationToken) > 0; batch++)
        {
        }

        for (var batch = 0; batch < MaxBatches && await AbandonAsync(cancellationToken) is > 0 and var count; batch++)
            gone += count;
        for (var batch = 0; batch < MaxBatches && await chunks.RemoveBatchAsync(null, cancellationToken); batch++)
        {
        }

        return gone;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await RunOnceAsync(stoppingToken) is > 0 and var gone)
                    LogRemoved(gone);
            }
            catch (NpgsqlException e)
            {
                LogPostponed(e.Message);
            }
        }
    }

    /// <summary>
    /// A file whose time is up, and which a request in the log still names, gets another day; the next look asks again. The request's row decides:
    /// whose it is, and whether it names the file, whatever became of the submit that told of it.
    /// </summary>
    private async Task<int> KeepNamedAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            with ended as materialized (
                select f.owner, f.id from files f where f.kept_until < now() and {IsNamed} order by f.kept_until limit 100 for update skip locked
            )
            update files set kept_until = now() + interval '24 hours' from ended where files.owner = ended.owner and files.id = ended.id
            """);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A file that goes becomes an abandoned upload: it vanishes at once, its chunks in batches.</summary>
    private async Task<int> AbandonAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            with ended as materialized (
                select f.owner, f.id from files f where f.kept_until < now() and not {IsNamed} order by f.kept_until limit 100 for update skip locked
            ), gone as (
                delete from files using ended where files.owner = ended.owner and files.id = ended.id returning upload
            ), unnamed as (
                delete from file_uses u using ended where u.file_id = ended.id and not exists (select from requests r where r.id = u.request_id)
            ), left_behind as (
                insert into uploads (id, abandoned) select upload, true from gone returning 1
            ), silent as materialized (
                select id from uploads where not abandoned and seen_at < now() - interval '1 hour' limit 100 for update skip locked
            ), given_up as (
                update uploads set abandoned = true from silent where uploads.id = silent.id returning 1
            )
            select (select count(*) from left_behind) + (select count(*) from given_up)
            """);
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [LoggerMessage(4002, LogLevel.Information, "Removed {Count} files and uploads that nothing keeps")]
    private partial void LogRemoved(int count);

    [LoggerMessage(4003, LogLevel.Warning, "The removal of old files waits for PostgreSQL: {Reason}")]
    private partial void LogPostponed(string reason);
}
