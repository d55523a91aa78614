using AspireFeedback.Bench.Load;
using Npgsql;

namespace AspireFeedback.Bench.Measuring;

/// <summary>What the bench asks of the log's own server.</summary>
internal sealed class LogDatabase(string connectionString) : IAsyncDisposable
{
    private const string Scratch = "bench_limit";
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_quietLimit = TimeSpan.FromSeconds(60);

    // Where a log of another implementation shows itself (docs/stacks.md); a schema that does not exist is passed over.
    private readonly NpgsqlDataSource _log = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = "feedback_marten,public" });

    /// <summary>How the server keeps its promises, and on what file system.</summary>
    public async Task<string> DurabilityAsync(CancellationToken cancellationToken)
    {
        var settings = new List<string>();
        foreach (var name in (string[])["server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method"])
            settings.Add($"{name}={await ScalarAsync<string>($"show {name}", cancellationToken)}");
        var directory = await ScalarAsync<string>("show data_directory", cancellationToken);
        return $"{string.Join(", ", settings)}, on {FileSystemOf(directory)}";
    }

    /// <summary>Requests that have not ended.</summary>
    public Task<long> OpenAsync(CancellationToken cancellationToken) =>
        ScalarAsync<long>("select count(*) from requests where not done", cancellationToken);

    /// <summary>Waits until nothing is left of the last measurement.</summary>
    /// <returns>How many are left all the same.</returns>
    public async Task<long> WaitUntilQuietAsync(CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        var open = await OpenAsync(cancellationToken);
        while (open > 0 && TimeProvider.System.GetElapsedTime(start) < s_quietLimit)
        {
            await Task.Delay(s_poll, cancellationToken);
            open = await OpenAsync(cancellationToken);
        }

        return open;
    }

    /// <summary>The part of all requests whose trace is sampled, by the flag of the traceparent that the log keeps.</summary>
    public Task<double> SampledAsync(CancellationToken cancellationToken) => ScalarAsync<double>(
        "select coalesce(avg((data::json->>'traceParent' like '%-01')::int), 0)::float8 from request_events where version = 1", cancellationToken);

    /// <summary>The newest request's texts.</summary>
    public async Task<RowPattern> PatternAsync(CancellationToken cancellationToken)
    {
        await using var command = _log.CreateCommand(
            """
            select fingerprint, state, data from requests r join request_events e on e.request_id = r.id and e.version = 1
            order by created_at desc limit 1
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetString(0), reader.GetString(1), reader.GetString(2))
            : throw new InvalidOperationException("The log is empty.");
    }

    /// <summary>An empty database on the same server, with the log's own tables.</summary>
    public async Task<string> CreateScratchAsync(CancellationToken cancellationToken)
    {
        foreach (var sql in (string[])[$"drop database if exists {Scratch} with (force)", $"create database {Scratch}"])
        {
            await using var command = _log.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        var scratch = new NpgsqlConnectionStringBuilder(connectionString) { Database = Scratch }.ConnectionString;
        await using var database = NpgsqlDataSource.Create(scratch);
        using var schema = new StreamReader(typeof(LogDatabase).Assembly.GetManifestResourceStream("log.sql")!);
        await using var create = database.CreateCommand(await schema.ReadToEndAsync(cancellationToken));
        await create.ExecuteNonQueryAsync(cancellationToken);
        return scratch;
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = _log.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static string FileSystemOf(string directory) => DriveInfo.GetDrives()
        .Where(drive => directory.StartsWith(drive.Name, StringComparison.Ordinal))
        .MaxBy(drive => drive.Name.Length)?.DriveFormat ?? "an unknown file system";
}
