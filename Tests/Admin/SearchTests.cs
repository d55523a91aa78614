using AspireFeedback.Contracts;
using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Admin;

public class SearchTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    [Fact]
    public async Task Every_status_is_found_by_its_name()
    {
        var expected = new Dictionary<RequestStatus, Guid>
        {
            [RequestStatus.Pending] = await SubmittedAsync(),
            [RequestStatus.Running] = await SubmittedAsync(Started()),
            [RequestStatus.InputRequired] = await SubmittedAsync(new RunReport { Outcome = new RunAsked("ok", "Go on?") }),
            [RequestStatus.Held] = await HeldAsync("The disk is full."),
            [RequestStatus.Succeeded] = await SubmittedAsync(Succeeded()),
            [RequestStatus.Failed] = await SubmittedAsync(Failed(permanent: true)),
        };
        var canceled = await SubmittedAsync();
        await AppendAsync(canceled, new CancelRequest("admin"));
        await AppendAsync(canceled, new GiveUpOnCancel());
        expected[RequestStatus.Canceled] = canceled;

        foreach (var (status, id) in expected)
            (await FindAsync(new() { Status = status })).ShouldBe([id], status.ToString());
        (await FindAsync(new())).ShouldBe(expected.Values, ignoreOrder: true);
    }

    [Fact]
    public async Task Kind_and_owner_are_found_among_open_and_ended_ones_also_of_kinds_that_are_gone()
    {
        var owner = Guid.NewGuid();
        var mine = await SubmittedAsync(owner: owner, kind: "echo");
        var gone = await SubmittedAsync(owner: owner, kind: "no-longer-known");
        var ended = await SubmittedAsync(Succeeded(), owner: owner, kind: "csv-profile");
        var other = await SubmittedAsync(Succeeded(), kind: "csv-profile");

        (await FindAsync(new() { Owner = owner })).ShouldBe([ended, gone, mine]);
        (await FindAsync(new() { Owner = owner, Kind = "echo" })).ShouldBe([mine]);
        (await FindAsync(new() { Kind = "no-longer-known" })).ShouldBe([gone]);
        (await FindAsync(new() { Kind = "csv-profile" })).ShouldBe([other, ended]);
        (await FindAsync(new())).ShouldBe([other, ended, gone, mine]);
        (await FindAsync(new() { Status = RequestStatus.Pending })).ShouldBe([gone, mine]);
    }

    [Fact]
    public async Task Only_what_stalls_now_is_stalled()
    {
        var run = Guid.NewGuid();
        var silent = await SubmittedAsync();
        await AppendAsync(silent, Report(run, Started()));
        // The policy of the tests takes over; this is how it looks while nobody does.
        await ExecuteAsync(Implementation.UpdateState("jsonb_set(state::jsonb, '{stalled}', 'true')::text", $"requests.id = '{silent}'"));
        await SubmittedAsync(Started());

        (await FindAsync(new() { Stalled = true })).ShouldBe([silent]);
        (await FindAsync(new() { Stalled = true, Kind = "echo" })).ShouldBe([silent]);
        await AppendAsync(silent, Report(run, Progress(1, 10)));
        (await FindAsync(new() { Stalled = true })).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_part_of_the_error_finds_what_is_held_and_what_failed()
    {
        var held = await HeldAsync("The disk is full.", "No space left on /data, 100% used.");
        var failed = await SubmittedAsync(new RunReport { Outcome = new RunFailed(Problem.Of("disk-gone", "The volume went away."), Permanent: true) });
        await HeldAsync("The network is down.");
        await SubmittedAsync(Succeeded("""{"error":"disk"}"""));

        (await FindAsync(new() { ErrorText = "DISK" })).ShouldBe([failed, held]);
        (await FindAsync(new() { ErrorText = "disk", Status = RequestStatus.Held })).ShouldBe([held]);
        (await FindAsync(new() { ErrorText = "100% used" })).ShouldBe([held]);
        (await FindAsync(new() { ErrorText = "%" })).ShouldBe([held]);
        (await FindAsync(new() { ErrorText = "nothing of the kind" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ages_are_counted_by_the_clock_of_the_log()
    {
        var old = await SubmittedAsync();
        var young = await SubmittedAsync(Succeeded());
        await ExecuteAsync($"update requests set created_at = created_at - interval '2 hours' where id = '{old}'");

        (await FindAsync(new() { MinAge = TimeSpan.FromHours(1) })).ShouldBe([old]);
        (await FindAsync(new() { MaxAge = TimeSpan.FromHours(1) })).ShouldBe([young]);
        (await FindAsync(new() { MinAge = TimeSpan.FromHours(1), MaxAge = TimeSpan.FromHours(3) })).ShouldBe([old]);
        (await FindAsync(new() { MinAge = TimeSpan.FromHours(3) })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Paging_shows_everything_once_while_new_requests_arrive_and_open_ones_end()
    {
        var there = new List<Guid>();
        for (var n = 0; n < 25; n++)
            there.Insert(0, await SubmittedAsync(n % 3 == 0 ? Succeeded() : null));

        var seen = new List<Guid>();
        for (var page = await SearchAsync(new() { Limit = 4 }); ; page = await SearchAsync(new() { Limit = 4, Before = page.Next }))
        {
            seen.AddRange(page.Requests.Select(request => request.Id));
            if (page.Next is null)
                break;
            page.Requests.Count.ShouldBe(4);
            await SubmittedAsync();
            var ending = there.Except(seen).Concat(seen).First();
            await AppendAsync(ending, Report(Guid.NewGuid(), Succeeded()));
        }

        seen.ShouldBe(there);
    }

    [Fact]
    public async Task Where_little_fits_a_page_gives_up_early_and_tells_where_to_go_on()
    {
        var oldest = await HeldAsync("Long ago.");
        var before = await HeldAsync("Not so long ago.");
        await AddManyAsync(SearchStatement.Bound + 500, done: false);
        await AddManyAsync(SearchStatement.Bound + 500, done: true);

        var found = new List<Guid>();
        var pages = 0;
        for (var search = new RequestSearch { Status = RequestStatus.Held }; ; pages++)
        {
            var page = await SearchAsync(search);
            found.AddRange(page.Requests.Select(request => request.Id));
            if (page.Next is null)
                break;
            search = search with { Before = page.Next };
        }

        found.ShouldBe([before, oldest]);
        pages.ShouldBe(1);

        // What failed is found at once, however much has succeeded since.
        var failed = await SubmittedAsync(Failed(permanent: true));
        await AddManyAsync(SearchStatement.Bound + 500, done: true);
        (await SearchAsync(new() { Status = RequestStatus.Failed })).Requests.ShouldHaveSingleItem().Id.ShouldBe(failed);
    }

    [Fact]
    public async Task What_lies_behind_the_bound_of_one_index_is_not_told_early_from_another()
    {
        var held = await HeldAsync("The disk is full.");
        var failed = await SubmittedAsync(new RunReport { Outcome = new RunFailed(Problem.Of("disk-gone", "The volume went away."), Permanent: true) });
        await AddManyAsync(SearchStatement.Bound + 500, done: false);

        var first = await SearchAsync(new() { ErrorText = "disk" });
        var second = await SearchAsync(new() { ErrorText = "disk", Before = first.Next });

        first.Requests.ShouldBeEmpty();
        second.Requests.Select(request => request.Id).ShouldBe([failed, held]);
        second.Next.ShouldBeNull();
    }

    [Fact]
    public async Task The_steps_of_a_request_before_its_end_touch_no_index()
    {
        ForPostgresAlone();
        var id = await SubmittedAsync();
        var run = Guid.NewGuid();
        await AppendAsync(id, Report(run, Started()));
        for (var n = 1; n <= 20; n++)
            await AppendAsync(id, Report(run, Progress(n, n)));

        await Eventually.HoldsAsync(async () =>
        {
            await ExecuteAsync("select pg_stat_force_next_flush()");
            var command = Database.CreateCommand("select pg_stat_clear_snapshot(), n_tup_upd, n_tup_hot_upd from pg_stat_user_tables where relname = 'requests'");
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            await reader.ReadAsync(Cancellation);
            return reader.GetInt64(1) == 21 && reader.GetInt64(2) == 21;
        });
    }

    private async Task<Guid[]> FindAsync(RequestSearch search) => [.. (await SearchAsync(search)).Requests.Select(request => request.Id)];

    private Task<FoundRequests> SearchAsync(RequestSearch search) => Services.GetRequiredService<IRequestSearch>().FindAsync(search, Cancellation);

    private async Task<Guid> SubmittedAsync(RunReport? report = null, Guid? owner = null, string kind = "echo")
    {
        var id = (await Log.SubmitAsync([Submit(owner: owner) with { Kind = kind }], Cancellation))[0].State!.Id;
        if (report is not null)
            await AppendAsync(id, Report(Guid.NewGuid(), report));
        return id;
    }

    private async Task<Guid> HeldAsync(string title, string? detail = null)
    {
        var id = await SubmittedAsync();
        for (var attempt = 1; attempt <= Policy.MaxFailures; attempt++)
            await AppendAsync(id, Report(Guid.NewGuid(), new() { Outcome = new RunFailed(Problem.Of("attempt-failed", title, detail)) }, attempt));
        return id;
    }

    private Task AddManyAsync(int count, bool done) => ExecuteAsync($$"""
        insert into requests (id, owner, kind, status, version, created_at, updated_at, deadline, fingerprint, state, result, done)
        select gen_random_uuid(), gen_random_uuid(), 'echo', '{{(done ? "Succeeded" : "Pending")}}', 1, clock_timestamp(), now(), now(), '', '{"attempt":1}', {{(done ? "'1'" : "null")}}, {{done}}
        from generate_series(1, {{count}})
        """);
}
