using Npgsql;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Support;

public sealed class PostgresServerTests(PostgresServer postgres)
{
    [Fact]
    public async Task Every_database_is_new_and_has_the_schema()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var first = await postgres.CreateDatabaseAsync(cancellation);
        var second = await postgres.CreateDatabaseAsync(cancellation);
        await using var one = NpgsqlDataSource.Create(first);
        await using var other = NpgsqlDataSource.Create(second);

        await ExecuteAsync(one, "insert into data_protection_keys (name, xml) values ('k', '<key/>')");

        (await CountAsync(one)).ShouldBe(1);
        (await CountAsync(other)).ShouldBe(0);

        Task<int> ExecuteAsync(NpgsqlDataSource database, string sql) => database.CreateCommand(sql).ExecuteNonQueryAsync(cancellation);
        async Task<long> CountAsync(NpgsqlDataSource database) =>
            (long)(await database.CreateCommand("select count(*) from data_protection_keys").ExecuteScalarAsync(cancellation))!;
    }
}
