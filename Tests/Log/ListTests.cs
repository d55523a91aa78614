using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Log;

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
