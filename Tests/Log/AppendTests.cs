using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Npgsql;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log;

public class AppendTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    [Fact]
    public async Task Of_two_steps_decided_on_the_same_version_one_is_committed()
    {
        var before = await AcceptAsync();
        var commits = Enumerable.Range(0, 8).Select(_ => Commit.Of(before, [new CancellationRequested("owner")], before.UpdatedAt)).ToArray();

        var results = await Task.WhenAll(commits.Select(commit => Log.CommitAsync([commit], Cancellation)));

        results.Count(result => result[0].Committed).ShouldBe(1);
        (await LoadAsync(before.Id)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task The_version_alone_tells_what_has_moved()
    {
        ForPostgresAlone();
        // The primary key of the events would refuse a second event of a version too, and with it the whole batch.
        await using var command = Database.CreateCommand("alter table request_events drop constraint request_events_pkey");
        await command.ExecuteNonQueryAsync(Cancellation);
        await Of_two_steps_decided_on_the_same_version_one_is_committed();
    }

    [Fact]
    public async Task Appends_at_once_to_one_stream_lose_nothing_and_leave_no_gap()
    {
        var id = (await AcceptAsync()).Id;
        var run = Guid.CreateVersion7();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(n => AppendAsync(id, Report(run, new() { Output = [new(n, $"{n}")] }))));

        var stream = await Log.ReadStreamAsync(id, 0, 1000, Cancellation);
        stream.Select(stored => stored.Version).ShouldBe(Enumerable.Range(1, 42));
        stream.Select(stored => stored.Event).OfType<OutputAppended>().Select(e => e.Index).Order().ShouldBe(Enumerable.Range(0, 40));
        RequestState.Replay(stream).ShouldBeEquivalentTo(await LoadAsync(id));
    }

    [Fact]
    public async Task In_a_batch_only_what_moved_is_left_out()
    {
        var moved = await AcceptAsync();
        var still = await AcceptAsync();
        await AppendAsync(moved.Id, new CancelRequest("owner"));

        var results = await Log.CommitAsync(
            [Commit.Of(moved, [new CancellationRequested("late")], moved.UpdatedAt), Commit.Of(still, [new CancellationRequested("owner")], still.UpdatedAt)], Cancellation);

        results.Select(result => result.Committed).ShouldBe([false, true]);
    }

    [Fact]
    public async Task A_failed_attempt_comes_out_of_the_outbox_at_its_time_with_the_first_payload()
    {
        var accepted = (await Log.SubmitAsync([Submit(text: "again")], Cancellation))[0];
        await Log.CompleteAsync([accepted.Outgoing!.Id], Cancellation);
        await AppendAsync(accepted.State!.Id, Report(Guid.CreateVersion7(), Failed()));
        (await Log.ClaimDueAsync(10, TimeSpan.FromMinutes(1), Cancellation)).ShouldBeEmpty("its time has not come");

        await Database.CreateCommand("update outbox set due_at = now()").ExecuteNonQueryAsync(Cancellation);
        var due = (await Log.ClaimDueAsync(10, TimeSpan.FromMinutes(1), Cancellation)).ShouldHaveSingleItem();

        due.Attempt.ShouldBe(2);
        due.Body.ShouldBe("""{"payload":{"text":"again"}}""");
        (await Log.ClaimDueAsync(10, TimeSpan.FromMinutes(1), Cancellation)).ShouldBeEmpty("another instance finds it taken");
    }

    [Fact]
    public async Task What_ends_a_request_takes_its_dispatches_out_of_the_outbox()
    {
        var id = (await AcceptAsync()).Id;
        await AppendAsync(id, Report(Guid.CreateVersion7(), Succeeded("""{"text":"done"}""")));

        (await Database.CreateCommand("select count(*) from outbox").ExecuteScalarAsync(Cancellation)).ShouldBe(0L);
        (await LoadAsync(id)).Result.ShouldBe("""{"text":"done"}""");
    }

    [Fact]
    public async Task A_cancel_puts_a_stop_into_the_outbox()
    {
        var id = (await AcceptAsync()).Id;
        await AppendAsync(id, new CancelRequest("owner"));

        var stop = (await Log.ClaimDueAsync(10, TimeSpan.FromMinutes(1), Cancellation)).ShouldHaveSingleItem();

        stop.Type.ShouldBe(OutgoingType.Stop);
        stop.Body.ShouldContain("canceled");
    }

    [Fact]
    public async Task What_happens_to_a_request_until_its_end_touches_no_index()
    {
        ForPostgresAlone();
        var before = await AcceptAsync();
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var change = new NpgsqlCommand(
            "update requests set version = 2, status = 'Running', updated_at = now(), state = state || ' ', done = false, expires_at = null where id = $1", connection);
        change.Parameters.Add(new() { Value = before.Id });
        (await change.ExecuteNonQueryAsync(Cancellation)).ShouldBe(1);

        await using var hot = new NpgsqlCommand("select n_tup_upd, n_tup_hot_upd from pg_stat_xact_user_tables where relname = 'requests'", connection);
        await using var reader = await hot.ExecuteReaderAsync(Cancellation);
        (await reader.ReadAsync(Cancellation)).ShouldBeTrue();
        (reader.GetInt64(0), reader.GetInt64(1)).ShouldBe((1, 1));
    }
}
