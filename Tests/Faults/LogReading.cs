using System.Text.Json;
using AspireFeedback.Backend.Echo;
using AspireFeedback.Contracts;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Npgsql;

namespace AspireFeedback.Tests.Faults;

/// <summary>Reads the tables past all of the product's code but the event records.</summary>
internal static class LogReading
{
    /// <param name="withStreams">Without them it costs little, and may be asked again and again.</param>
    public static async Task<LogContents> ReadAsync(
        string connectionString, IReadOnlyCollection<Guid> owners, bool withStreams, CancellationToken cancellationToken)
    {
        await using var database = LogTables.Of(connectionString);
        var ofOwners = owners.ToArray();
        var events = !withStreams ? [] : await QueryAsync(database,
            "select e.request_id, e.version, e.at, e.type, e.data from request_events e join requests r on r.id = e.request_id where r.owner = any($1) order by 1, 2",
            ofOwners,
            row => new StoredEvent(row.GetGuid(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2), EventNames.Read(row.GetString(3), row.GetString(4))),
            cancellationToken);
        var snapshots = await QueryAsync(database, "select id, owner, status, version from requests where owner = any($1)", ofOwners,
            row => (Id: row.GetGuid(0), Snapshot: new Snapshot(row.GetGuid(1), row.GetString(2), row.GetInt32(3))), cancellationToken);
        return new(
            events.GroupBy(e => e.RequestId).ToDictionary(stream => stream.Key, IReadOnlyList<StoredEvent> (stream) => [.. stream]),
            snapshots.ToDictionary(x => x.Id, x => x.Snapshot),
            await IdsAsync(database, "select o.request_id from outbox o join requests r on r.id = o.request_id where r.owner = any($1)", ofOwners, cancellationToken),
            await IdsAsync(database, "select l.request_id from leases l join requests r on r.id = l.request_id where r.owner = any($1)", ofOwners, cancellationToken));
    }

    public static IReadOnlyList<LedgerLine> ReadLedger(string directory) =>
    [
        .. Directory.EnumerateFiles(directory, "*.jsonl").SelectMany(File.ReadAllLines)
            .Select(line => JsonSerializer.Deserialize<LedgerLine>(line, FeedbackJson.Options)!),
    ];

    private static async Task<IReadOnlyCollection<Guid>> IdsAsync(NpgsqlDataSource database, string sql, Guid[] owners, CancellationToken cancellationToken) =>
        [.. await QueryAsync(database, sql, owners, row => row.GetGuid(0), cancellationToken)];

    private static async Task<List<T>> QueryAsync<T>(
        NpgsqlDataSource database, string sql, Guid[] owners, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = owners });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var result = new List<T>();
        while (await rows.ReadAsync(cancellationToken))
            result.Add(read(rows));
        return result;
    }
}
