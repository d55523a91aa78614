using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AspireFeedback.Tests.Support;

/// <summary>Web's schema on an empty database.</summary>
internal static class Migrations
{
    public static async Task ApplyAsync(string connectionString, CancellationToken cancellationToken)
    {
        // Not pooled: an open connection keeps a database from being a template.
        await using var database = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
        await new Migrator(database, NullLogger<Migrator>.Instance).MigrateAsync(cancellationToken);
    }
}
