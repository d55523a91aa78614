using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Bench.Load;

/// <summary>
/// The limit: the rows of a submit, written by nothing but a prepared statement. No check, no answer, no HTTP; what Web does can only be slower.
/// </summary>
internal sealed class BareWrites : ILoad
{
    private const string Sql = """
        with accepted as (
            insert into requests (id, owner, kind, status, version, created_at, updated_at, deadline, fingerprint, state)
            select id, owner, 'echo', 'Pending', 1, now(), now(), now() + interval '7 days', fingerprint, state
            from unnest($1, $2, $3, $4) as i(id, owner, fingerprint, state)
        ), logged as (
            insert into request_events (request_id, version, type, at, data)
            select id, 1, 'request-accepted', now(), data from unnest($1, $5) as i(id, data)
        )
        insert into outbox (request_id, type, kind, attempt, hop, version, due_at)
        select id, 'work', 'echo', 1, 1, 1, now() + interval '10 seconds' from unnest($1) as i(id)
        """;

    private readonly NpgsqlDataSource _database;
    private readonly int _rows;
    private readonly Guid[] _owners;
    private readonly string[] _fingerprints;
    private readonly string[] _states;
    private readonly string[] _data;

    public BareWrites(string database, int connections, int rows, RowPattern pattern)
    {
        var options = new NpgsqlConnectionStringBuilder(database)
        {
            MaxPoolSize = connections,
            MinPoolSize = connections,
            MaxAutoPrepare = 1,
            AutoPrepareMinUsages = 1,
        };
        _database = NpgsqlDataSource.Create(options);
        _rows = rows;
        _owners = [.. Enumerable.Repeat(Guid.CreateVersion7(), rows)];
        _fingerprints = [.. Enumerable.Repeat(pattern.Fingerprint, rows)];
        _states = [.. Enumerable.Repeat(pattern.State, rows)];
        _data = [.. Enumerable.Repeat(pattern.Data, rows)];
    }

    public int RequestsPerCall => _rows;

    public IEnumerable<string> Troubles => [];

    public async Task<long> OnceAsync(long number, CancellationToken cancellationToken)
    {
        var ids = new Guid[_rows];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = Guid.CreateVersion7();
        await using var command = _database.CreateCommand(Sql);
        Add(command, NpgsqlDbType.Uuid, ids);
        Add(command, NpgsqlDbType.Uuid, _owners);
        Add(command, NpgsqlDbType.Text, _fingerprints);
        Add(command, NpgsqlDbType.Text, _states);
        Add(command, NpgsqlDbType.Text, _data);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw new LoadException(e.SqlState ?? e.GetType().Name);
        }

        return Stopwatch.GetTimestamp();
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, T[] values) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
}
