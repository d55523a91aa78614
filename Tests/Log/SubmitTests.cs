using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Log;

public class SubmitTests(PostgresServer postgres) : LogOnPostgres(postgres)
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
}
