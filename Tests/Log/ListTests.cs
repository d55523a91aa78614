using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Npgsql;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log;

public class ListTests(PostgresServer postgres) : LogOnPostgres(postgres)
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

    [Fact]
    public async Task What_has_changed_is_found_open_and_ended_and_nothing_else()
    {
        var owner = Guid.NewGuid();
        var (open, ended, old, oldEnded) = (await AcceptAsync(owner), await AcceptAsync(owner), await AcceptAsync(owner), await AcceptAsync(owner));
        await AppendAsync(oldEnded, Report(Guid.CreateVersion7(), Succeeded()));
        await ExecuteAsync($"""
            update requests set created_at = created_at - interval '1 hour', updated_at = updated_at - interval '1 hour'
            """);
        var since = (await Log.LoadAsync([], Cancellation)).Now;
        await AppendAsync(open, Report(Guid.CreateVersion7(), Started()));
        await AppendAsync(ended, Report(Guid.CreateVersion7(), Succeeded()));

        (await IdsAsync(new() { ChangedAfter = since })).ShouldBe([ended, open]);
        (await IdsAsync(new() { ChangedAfter = since, Limit = 1 })).ShouldBe([ended]);
        (await IdsAsync(new() { ChangedAfter = since, Status = RequestStatus.Running })).ShouldBe([open]);
        (await IdsAsync(new() { ChangedAfter = since, AcceptedAfter = since })).ShouldBeEmpty();
        (await IdsAsync(new() { ChangedAfter = since.AddHours(-2) })).ShouldBe([oldEnded, old, ended, open]);

        async Task<Guid[]> IdsAsync(ListFilter filter) => [.. (await Log.ListAsync(owner, filter, Cancellation)).Select(state => state.Id)];
    }

    [Theory]
    [InlineData("requests_by_owner", "AcceptedAfter")]
    [InlineData("requests_by_owner", "Before")]
    [InlineData("requests_ended", "ChangedAfter")]
    public async Task A_part_of_a_long_past_is_read_by_its_index(string index, string condition)
    {
        ForPostgresAlone();
        await ExecuteAsync("""
            insert into requests (id, owner, kind, status, version, created_at, updated_at, deadline, fingerprint, state, done)
            select gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'echo', 'Succeeded', 2, t, t, now(), 'f', '{}', true
            from generate_series(now() - interval '50 hours', now(), interval '1 minute') t;
            analyze requests
            """);
        var ago = DateTimeOffset.UtcNow.AddMinutes(condition == "Before" ? -2990 : -10);
        var query = new ListQuery(Guid.Parse("00000000-0000-0000-0000-000000000001"), condition switch
        {
            "AcceptedAfter" => new() { AcceptedAfter = ago },
            "ChangedAfter" => new() { ChangedAfter = ago },
            _ => new() { Before = (ago, Guid.Empty) },
        });
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        await using var command = new NpgsqlCommand($"explain (analyze, buffers off, timing off) {query.Text}", connection);
        query.AddParameters(command);
        var plan = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
            plan.Add(reader.GetString(0));

        var text = string.Join('\n', plan);
        text.ShouldContain(index);
        text.ShouldNotContain("Rows Removed by Filter", customMessage: text);
    }

    private async Task<Guid> AcceptAsync(Guid owner) => (await Log.SubmitAsync([Submit(owner: owner)], Cancellation))[0].State!.Id;
}
