using System.Diagnostics;
using System.Text.Json;
using AspireFeedback.LocalAspire.Processes;
using Npgsql;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

/// <summary>The AppHost as a process: how it ends, and what it keeps.</summary>
public sealed class AppHostLifeTests : IDisposable
{
    // The broker takes seconds to start; tests that are about something else go without.
    private const string NoBroker = "--ConnectionStrings:messaging=amqp://nobody@localhost:1";

    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly string _home = Path.Combine(Path.GetTempPath(), "apphost-life-" + Guid.NewGuid().ToString("N")[..8]);

    public AppHostLifeTests() => _deadline.CancelAfter(TimeSpan.FromMinutes(3));

    [Fact]
    public async Task After_kill_9_nothing_is_left_and_the_next_run_has_the_data()
    {
        await using (var first = AppHostProcess.Start(_home))
        {
            await first.SaysAsync(_deadline.Token, "feedback", "Healthy");
            await first.SaysAsync(_deadline.Token, "messaging", "Healthy");
            await first.SaysAsync(_deadline.Token, "backend-2", "Running");
            await ExecuteAsync("create table kept (id int)");
            // epmd, broker, Redis, PostgreSQL, two of each project.
            AppHostProcess.LeftOn(_home).Count.ShouldBeGreaterThanOrEqualTo(8);

            await first.KillAsync(_deadline.Token);
        }

        await NothingIsLeftAsync(TimeSpan.FromSeconds(10));

        await using var second = AppHostProcess.Start(_home);
        await second.SaysAsync(_deadline.Token, "messaging", "Healthy");
        await second.SaysAsync(_deadline.Token, "feedback", "Healthy");
        await ExecuteAsync("select * from kept");
        (await second.EndAsync(Signals.Term, _deadline.Token)).ShouldBe(0);
        await NothingIsLeftAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_second_run_says_that_its_data_is_temporary_and_takes_it_away_and_the_first_ends_with_its_terminal()
    {
        await using var first = AppHostProcess.Start(_home, NoBroker);
        await first.SaysAsync(_deadline.Token, "feedback", "Healthy");
        await using var second = AppHostProcess.Start(_home, NoBroker);
        await second.SaysAsync(_deadline.Token, "temporary data");
        await second.SaysAsync(_deadline.Token, "feedback", "Healthy");
        var data = second.Output.Split('\n').Single(line => line.Contains("temporary data", StringComparison.Ordinal)).Split(": ")[^1].Trim();
        Directory.Exists(data).ShouldBeTrue();

        await second.EndAsync(Signals.Term, _deadline.Token);

        Directory.Exists(data).ShouldBeFalse();
        await ExecuteAsync("select 1");
        await EndsInTimeAsync(first, Signals.HangUp);
    }

    [Fact]
    public async Task Data_and_passwords_outlive_a_run_and_reset_wipes_them()
    {
        await using (var first = AppHostProcess.Start(_home, NoBroker))
        {
            await first.SaysAsync(_deadline.Token, "feedback", "Healthy");
            await ExecuteAsync("create table kept (id int)");
            await EndsInTimeAsync(first, Signals.Term);
        }

        var password = Secret("postgres-password");
        await using var second = AppHostProcess.Start(_home, NoBroker, "--reset");
        await second.SaysAsync(_deadline.Token, "feedback", "Healthy");

        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync("select * from kept"))).SqlState.ShouldBe(PostgresErrorCodes.UndefinedTable);
        Secret("postgres-password").ShouldNotBe(password);
        await EndsInTimeAsync(second, Signals.Int);
    }

    [Fact]
    public async Task The_first_line_says_which_host_it_is_and_how_to_have_the_other()
    {
        await using var run = AppHostProcess.Start(_home, "--help");

        await run.EndAsync(0, _deadline.Token);

        run.Output.Split('\n')[0].ShouldContain("LocalAspire");
        run.Output.Split('\n')[0].ShouldContain("-p:UseAspire=true");
        run.Output.ShouldContain("--reset");
    }

    public void Dispose()
    {
        _deadline.Dispose();
        if (Directory.Exists(_home))
            Directory.Delete(_home, recursive: true);
    }

    /// <summary>Ten seconds are what a person waits and what a service manager grants before it kills.</summary>
    private async Task EndsInTimeAsync(AppHostProcess run, int signal)
    {
        var started = Stopwatch.GetTimestamp();
        (await run.EndAsync(signal, _deadline.Token)).ShouldBe(0);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await NothingIsLeftAsync(TimeSpan.Zero);
    }

    private async Task NothingIsLeftAsync(TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        while (AppHostProcess.LeftOn(_home).Count > 0 && Stopwatch.GetElapsedTime(started) < patience)
            await Task.Delay(100, _deadline.Token);
        AppHostProcess.LeftOn(_home).ShouldBeEmpty();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            $"Host=localhost;Port={Secret("postgres-tcp-port")};Username=postgres;Password={Secret("postgres-password")};Database=feedback;Pooling=false");
        await connection.OpenAsync(_deadline.Token);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(_deadline.Token);
    }

    private string Secret(string name)
    {
        var file = Directory.EnumerateFiles(_home, "secrets.json", SearchOption.AllDirectories).Single();
        return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))![name];
    }
}
