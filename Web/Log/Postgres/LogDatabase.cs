using Npgsql;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>
/// The pool of connections to the log's database, with the settings that its statements rely on. A type of its own: the application that this
/// is a part of may have a data source too.
/// </summary>
internal sealed class LogDatabase(NpgsqlDataSource source, string? schema = null, string? views = null) : IAsyncDisposable, IDisposable
{
    /// <summary>Where the tables are, first on the search path of every connection; <c>null</c>: where the database puts them by itself.</summary>
    public string? Schema { get; } = schema;

    /// <summary>Where another implementation of the log shows itself under the names of these tables, before them on the search path.</summary>
    public string? Views { get; } = views;

    public NpgsqlDataSource Source => source;

    public NpgsqlCommand CreateCommand(string sql) => source.CreateCommand(sql);

    public NpgsqlBatch CreateBatch() => source.CreateBatch();

    public ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);

    public ValueTask DisposeAsync() => source.DisposeAsync();

    public void Dispose() => source.Dispose();
}
