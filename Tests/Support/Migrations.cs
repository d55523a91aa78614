using Npgsql;

namespace AspireFeedback.Tests.Support;

/// <summary>Web's numbered schema files on an empty database.</summary>
internal static class Migrations
{
    public static async Task ApplyAsync(string connectionString, CancellationToken cancellationToken)
    {
        // Not pooled: an open connection keeps a database from being a template.
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        var web = typeof(Web.Identity.Owner).Assembly;
        foreach (var name in web.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(web.GetManifestResourceStream(name)!);
            await using var command = new NpgsqlCommand(await reader.ReadToEndAsync(cancellationToken), connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
