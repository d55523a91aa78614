using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log;

/// <summary>A log on a database of its own, as two replicas would share it.</summary>
public abstract class LogOnPostgres(PostgresServer postgres) : IAsyncLifetime
{
    private ServiceProvider? _services;
    private protected IRequestLog Log => _services!.GetRequiredService<IRequestLog>();
    private protected NpgsqlDataSource Database => _services!.GetRequiredService<NpgsqlDataSource>();
    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        _services = new ServiceCollection().AddSingleton(PostgresLogSetup.Connect(connectionString)).AddPostgresLog().BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static Submission Submit(Guid? id = null, string text = "hi", Guid? owner = null) =>
        new(id ?? Guid.CreateVersion7(), owner ?? Guid.NewGuid(), "echo", Json($$"""{"text":"{{text}}"}"""), $"fingerprint of {text}", null, null, null, null);

    private protected async Task<RequestState> AcceptAsync() => (await Log.SubmitAsync([Submit()], Cancellation))[0].State!;

    private protected async Task<RequestState> LoadAsync(Guid id) => (await Log.LoadAsync([id], Cancellation)).ById[id];

    private protected async Task<RequestState> AppendAsync(Guid id, RequestCommand command)
    {
        while (true)
        {
            var snapshots = await Log.LoadAsync([id], Cancellation);
            var before = snapshots.ById[id];
            var commit = Commit.Of(before, RequestDecisions.Decide(before, command, Policy, snapshots.Now).Events, snapshots.Now);
            if ((await Log.CommitAsync([commit], Cancellation))[0].Committed)
                return commit.After;
        }
    }
}

public sealed class SubmitTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    [Fact]
    public async Task What_was_accepted_can_be_read_as_snapshot_and_as_stream()
    {
        var state = await AcceptAsync();

        var loaded = await LoadAsync(state.Id);
        loaded.ShouldBeEquivalentTo(state);
        var stream = await Log.ReadStreamAsync(state.Id, 0, 10, Cancellation);
        stream.ShouldHaveSingleItem().Version.ShouldBe(1);
        RequestState.Replay(stream).ShouldBeEquivalentTo(loaded);
    }

    [Fact]
    public async Task A_repeated_submit_is_told_where_the_first_stands()
    {
        var submission = Submit();
        await Log.SubmitAsync([submission], Cancellation);

        var again = (await Log.SubmitAsync([submission], Cancellation))[0];

        again.Status.ShouldBe(SubmitStatus.Replayed);
        again.State.ShouldNotBeNull().Version.ShouldBe(1);
        (await CountAsync("outbox")).ShouldBe(1);
    }

    [Fact]
    public async Task An_id_used_for_other_content_or_by_another_owner_is_refused()
    {
        var first = Submit();
        await Log.SubmitAsync([first], Cancellation);

        var results = await Log.SubmitAsync([first with { Fingerprint = "other" }, first with { Owner = Guid.NewGuid() }], Cancellation);

        results.Select(result => result.Status).ShouldAllBe(status => status == SubmitStatus.IdReused);
        results.ShouldAllBe(result => result.State == null);
    }

    [Fact]
    public async Task Duplicates_inside_a_batch_are_accepted_once()
    {
        var submission = Submit();
        var results = await Log.SubmitAsync([submission, submission, submission with { Fingerprint = "other" }, Submit()], Cancellation);

        results.Select(result => result.Status).ShouldBe([SubmitStatus.Accepted, SubmitStatus.Replayed, SubmitStatus.IdReused, SubmitStatus.Accepted]);
        (await CountAsync("request_events")).ShouldBe(2);
    }

    [Fact]
    public async Task A_bad_item_is_refused_alone()
    {
        var results = await Log.SubmitAsync([Submit(), Submit() with { Kind = "nul\0" }, Submit()], Cancellation);

        results.Select(result => result.Status).ShouldBe([SubmitStatus.Accepted, SubmitStatus.Refused, SubmitStatus.Accepted]);
    }

    [Fact]
    public async Task Batches_with_the_same_ids_in_opposite_order_at_once_accept_each_id_once()
    {
        for (var round = 0; round < 20; round++)
        {
            var submissions = Enumerable.Range(0, 50).Select(_ => Submit()).ToArray();
            var batches = Enumerable.Range(0, 4).Select(n => n % 2 == 0 ? submissions : [.. submissions.Reverse()]);
            var results = await Task.WhenAll(batches.Select(batch => Log.SubmitAsync(batch, Cancellation)));

            var all = results.SelectMany(result => result).ToArray();
            all.Count(result => result.Status is SubmitStatus.Accepted).ShouldBe(50);
            all.Count(result => result.Status is SubmitStatus.Replayed).ShouldBe(150);
            all.ShouldAllBe(result => result.State != null);
        }
    }

    [Fact]
    public async Task An_id_past_its_retention_is_gone_for_its_owner_and_reused_for_others()
    {
        var submission = Submit();
        await using var insert = Database.CreateCommand("insert into tombstones values ($1, $2, $3, now())");
        insert.Parameters.Add(new() { Value = submission.Id });
        insert.Parameters.Add(new() { Value = submission.Owner });
        insert.Parameters.Add(new() { Value = submission.Fingerprint });
        await insert.ExecuteNonQueryAsync(Cancellation);

        var results = await Log.SubmitAsync([submission, submission with { Fingerprint = "other" }], Cancellation);

        results.Select(result => result.Status).ShouldBe([SubmitStatus.Gone, SubmitStatus.IdReused]);
        (await Log.FindSubmittedAsync(submission, Cancellation))!.Status.ShouldBe(SubmitStatus.Gone);
        (await CountAsync("requests")).ShouldBe(0);
    }

    private async Task<long> CountAsync(string table) => (long)(await Database.CreateCommand($"select count(*) from {table}").ExecuteScalarAsync(Cancellation))!;
}

public sealed class AppendTests(PostgresServer postgres) : LogOnPostgres(postgres)
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
    public async Task A_reader_below_the_oldest_open_transaction_never_skips_an_event()
    {
        const string readable = "select count(*) from request_events where xid < pg_snapshot_xmin(pg_current_snapshot())";
        await AcceptAsync();
        await using var slow = await Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await slow.BeginTransactionAsync(Cancellation);
        await using (var insert = new NpgsqlCommand("insert into request_events (request_id, version, type, at, data) values (gen_random_uuid(), 1, 'x', now(), '{}')", slow))
            await insert.ExecuteNonQueryAsync(Cancellation);
        await AcceptAsync(); // a higher position, committed first

        // Transactions of other databases hold readers back too: they may see less for a while, but never the third before the second.
        (await CountAsync()).ShouldBeLessThanOrEqualTo(1);
        await transaction.CommitAsync(Cancellation);
        await Eventually.HoldsAsync(async () => await CountAsync() == 3);

        async Task<long> CountAsync() => (long)(await Database.CreateCommand(readable).ExecuteScalarAsync(Cancellation))!;
    }
}

public sealed class ListTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    [Fact]
    public async Task The_list_is_the_owners_alone_newest_first_and_pages_without_gap_or_repeat()
    {
        var owner = Guid.NewGuid();
        var mine = new List<Guid>();
        for (var n = 0; n < 25; n++)
        {
            mine.Add((await Log.SubmitAsync([Submit(owner: owner)], Cancellation))[0].State!.Id);
            await Log.SubmitAsync([Submit()], Cancellation);
        }

        var listed = new List<RequestState>();
        while (true)
        {
            var page = await Log.ListAsync(owner, new() { Limit = 10, Before = listed.Count == 0 ? null : (listed[^1].CreatedAt, listed[^1].Id) }, Cancellation);
            listed.AddRange(page);
            if (page.Count < 10)
                break;
        }

        listed.Select(state => state.Id).ShouldBe(mine.AsEnumerable().Reverse());
    }

    [Fact]
    public async Task The_list_can_be_narrowed_by_status_kind_and_time()
    {
        var submission = Submit();
        var state = (await Log.SubmitAsync([submission], Cancellation))[0].State!;

        (await Log.ListAsync(submission.Owner, new() { Status = RequestStatus.Held }, Cancellation)).ShouldBeEmpty();
        (await Log.ListAsync(submission.Owner, new() { Kind = "other" }, Cancellation)).ShouldBeEmpty();
        (await Log.ListAsync(submission.Owner, new() { AcceptedAfter = state.CreatedAt }, Cancellation)).ShouldBeEmpty();
        (await Log.ListAsync(submission.Owner, new() { Status = RequestStatus.Pending, Kind = "echo", ChangedAfter = state.CreatedAt.AddSeconds(-1) }, Cancellation)).Count.ShouldBe(1);
    }
}
