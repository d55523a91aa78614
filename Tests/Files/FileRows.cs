using AspireFeedback.Tests.Support;
using Npgsql;
using Xunit;

namespace AspireFeedback.Tests.Files;

/// <summary>What the tables hold, beside what the API shows.</summary>
internal static class FileRows
{
    /// <summary>Uploads under way, and chunks that belong to no file.</summary>
    public static Task<long> LooseAsync(string database) => CountAsync(
        database, "select (select count(*) from uploads) + (select count(*) from file_chunks where upload not in (select upload from files))");

    public static Task<long> ChunksAsync(string database) => CountAsync(database, "select count(*) from file_chunks");

    public static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = LogTables.Of(database);
        await source.CreateCommand(sql).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<long> CountAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        return (long)(await source.CreateCommand(sql).ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
