using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log;

public sealed class MigrationTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    private const string Beyond = """
        alter table requests add column priority int not null default 0;
        alter table request_events add column region text;
        create table labels (request_id uuid primary key, label text not null);
        """;

    private readonly PostgresServer _postgres = postgres;

    [Fact]
    public async Task Replicas_that_start_at_once_on_an_empty_database_apply_each_migration_once()
    {
        await using var database = PostgresLogSetup.Connect(await _postgres.CreateEmptyDatabaseAsync(Cancellation));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync(database)));

        (await AppliedAsync(database)).ShouldBe(Migration.All.Select(migration => migration.Name));
        // Each of them names one: twice would be two.
        (await ScalarAsync<long>(database, "select count(*) from installation")).ShouldBe(1);
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_of_itself_nor_of_those_before_it()
    {
        await using var database = PostgresLogSetup.Connect(await _postgres.CreateEmptyDatabaseAsync(Cancellation));
        await Should.ThrowAsync<PostgresException>(MigrateAsync(database, [.. Migration.All, new("9999_broken.sql", "create table half (id int); select 1 / 0")]));
        (await ScalarAsync<long>(database, "select count(*) from pg_tables where schemaname = 'public'")).ShouldBe(0);

        await MigrateAsync(database);
        (await AppliedAsync(database)).Count.ShouldBe(Migration.All.Count);
    }

    [Fact]
    public async Task A_number_that_was_left_out_is_applied_when_it_comes()
    {
        await using var database = PostgresLogSetup.Connect(await _postgres.CreateEmptyDatabaseAsync(Cancellation));
        Migration[] apart = [.. Migration.All, new("9998_from_another_branch.sql", "create table apart (id int)"), new("9999_last.sql", "create table last (id int)")];
        await MigrateAsync(database, [.. apart.Where(migration => !migration.Name.StartsWith("9998", StringComparison.Ordinal))]);
        await MigrateAsync(database, apart);

        (await AppliedAsync(database)).ShouldBe(apart.Select(migration => migration.Name));
        (await ScalarAsync<long>(database, "select count(*) from apart")).ShouldBe(0);
    }

    [Fact]
    public async Task Beside_a_newer_version_that_has_migrated_further_this_one_works_and_takes_nothing_back()
    {
        var before = await AcceptAsync();
        await MigrateAsync(Database, [.. Migration.All, new("9999_newer.sql", Beyond)]);

        await MigrateAsync(Database); // this version starts again

        (await AppliedAsync(Database))[^1].ShouldBe("9999_newer.sql");
        var state = await AcceptAsync();
        await AppendAsync(state.Id, Report(Guid.CreateVersion7(), Succeeded()));
        await AppendAsync(before.Id, new CancelRequest("owner"));
        (await LoadAsync(state.Id)).Status.ShouldBe(RequestStatus.Succeeded);
        (await Log.ReadStreamAsync(before.Id, 0, 10, Cancellation)).Count.ShouldBe(2);
        (await Log.ListAsync(before.Owner, new(), Cancellation)).ShouldHaveSingleItem().Id.ShouldBe(before.Id);
        (await ScalarAsync<long>(Database, "select count(*) from labels")).ShouldBe(0);
    }

    [Fact]
    public async Task Beneath_replicas_at_work_a_migration_is_applied_that_their_version_does_not_know()
    {
        // What they do here names nothing of 0007, as in the version before it.
        await using var database = PostgresLogSetup.Connect(await _postgres.CreateEmptyDatabaseAsync(Cancellation));
        await MigrateAsync(database, [.. Migration.All.Where(migration => !migration.Name.StartsWith("0007", StringComparison.Ordinal))]);
        await using var services = new ServiceCollection().AddSingleton(database).AddLogging().AddPostgresLog().BuildServiceProvider();
        var previous = services.GetRequiredService<IRequestLog>();
        using var migrated = new CancellationTokenSource();
        var ended = Enumerable.Range(0, 4).Select(_ => WorkUntilAsync(previous, migrated.Token)).ToArray();
        await Eventually.HoldsAsync(async () => await ScalarAsync<long>(database, "select count(*) from requests where done") >= 20);

        await MigrateAsync(database);
        var then = await ScalarAsync<long>(database, "select count(*) from requests where done");
        await Eventually.HoldsAsync(async () => await ScalarAsync<long>(database, "select count(*) from requests where done") > then);
        await migrated.CancelAsync();

        var all = (await Task.WhenAll(ended)).Sum();
        (await ScalarAsync<long>(database, "select count(*) from requests where done and status = 'Succeeded'")).ShouldBe(all);
        (await ScalarAsync<long>(database, "select count(*) from request_events")).ShouldBe(3 * all);
    }

    /// <returns>How many requests were accepted and brought to their end.</returns>
    private static async Task<int> WorkUntilAsync(IRequestLog log, CancellationToken enough)
    {
        var ended = 0;
        while (!enough.IsCancellationRequested)
        {
            var id = (await log.SubmitAsync([Submit()], Cancellation))[0].State!.Id;
            await AppendAsync(log, id, Report(Guid.CreateVersion7(), Succeeded()));
            ended++;
        }

        return ended;
    }

    private static Task MigrateAsync(LogDatabase database, IReadOnlyList<Migration>? migrations = null) =>
        new Migrator(database, NullLogger<Migrator>.Instance, migrations).MigrateAsync(Cancellation);

    private static async Task<List<string>> AppliedAsync(LogDatabase database)
    {
        var names = new List<string>();
        await using var command = database.CreateCommand("select name from schema_migrations order by name");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
            names.Add(reader.GetString(0));
        return names;
    }

    private static async Task<T> ScalarAsync<T>(LogDatabase database, string sql) =>
        (T)(await database.CreateCommand(sql).ExecuteScalarAsync(Cancellation))!;
}
