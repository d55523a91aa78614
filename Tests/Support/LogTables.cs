using Npgsql;

namespace AspireFeedback.Tests.Support;

internal static class LogTables
{
    /// <summary>
    /// The tables of the log as every implementation shows them: one that has its own puts views of these names into a schema that comes first
    /// (<c>docs/stacks.md</c>), and one that does not exist is passed over.
    /// </summary>
    public static NpgsqlDataSource Of(string? connectionString) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = "feedback_marten,public" });
}
