using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log;

/// <summary>Two versions on one log: what one of them has written and the other does not know.</summary>
public sealed class PreviousVersionTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    [Theory]
    [InlineData("", 7)]
    [InlineData("""{"retention":"2.00:00:00"}""", 2)]
    [InlineData("""{"retention":"1.12:00:00"}""", 1.5)]
    [InlineData("""{"retention":"400.00:00:01"}""", 400)]
    public async Task What_a_version_without_retention_has_ended_is_kept_as_promised_and_then_goes(string state, double days)
    {
        var ended = await EndWithoutRetentionAsync(state);
        (await Upkeep.BuryAsync(10, Cancellation)).ShouldBe(0);

        (await Upkeep.PromiseAsync(10, Cancellation)).ShouldBe(1);
        (await Upkeep.PromiseAsync(10, Cancellation)).ShouldBe(0);

        var kept = (double)(await Database.CreateCommand(
            "select (extract(epoch from expires_at - updated_at) / 86400)::float8 from requests").ExecuteScalarAsync(Cancellation))!;
        kept.ShouldBe(days, 0.001);
        await ExecuteAsync($"update requests set expires_at = expires_at - interval '{days} days 1 minute'");
        (await Upkeep.BuryAsync(10, Cancellation)).ShouldBe(1);
        (await Upkeep.PromiseAsync(10, Cancellation)).ShouldBe(0, "what is buried is promised nothing more");
        (await CountAsync($"tombstones where id = '{ended}'")).ShouldBe(1);
    }

    [Fact]
    public async Task Replicas_at_once_promise_each_its_end_once_in_small_batches()
    {
        for (var n = 0; n < 30; n++)
            await EndWithoutRetentionAsync();
        await AcceptAsync(); // has not ended

        var promised = (await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Upkeep.PromiseAsync(4, Cancellation)))).Sum();
        while (await Upkeep.PromiseAsync(4, Cancellation) is > 0 and var more)
            promised += more;

        promised.ShouldBe(30);
        (await CountAsync("requests where expires_at is not null")).ShouldBe(30);
    }

    [Fact]
    public async Task A_step_keeps_what_a_newer_version_has_put_into_the_state()
    {
        var id = (await AcceptAsync()).Id;
        await ExecuteAsync("""update requests set state = '{"priority":{"level":3,"why":["vip"]},' || substr(state, 2)""");

        await AppendAsync(id, Report(Guid.CreateVersion7(), Started()));
        await AppendAsync(id, Report(Guid.CreateVersion7(), Progress(1, 50)));

        (await Database.CreateCommand("select state::json -> 'priority' #>> '{}' from requests").ExecuteScalarAsync(Cancellation)).ShouldBe("""{"level":3,"why":["vip"]}""");
        (await LoadAsync(id)).Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task An_event_of_a_newer_version_is_told_by_request_version_and_name_and_can_be_read_up_to()
    {
        var id = (await AcceptAsync()).Id;
        await WriteUnknownAsync(id, 2);

        var error = await Should.ThrowAsync<StoredEventException>(Log.ReadStreamAsync(id, 0, 10, Cancellation));
        (error.RequestId, error.Version, error.StoredName).ShouldBe((id, 2, "request-paused"));
        error.Message.ShouldBe($"Event 2 of request {id} is 'request-paused', which this version does not know.");
        (await Log.ReadStreamAsync(id, 0, 1, Cancellation)).ShouldHaveSingleItem();
        (await LoadAsync(id)).Status.ShouldBe(RequestStatus.Pending, "the snapshot needs no event");
    }

    [Fact]
    public async Task A_message_that_this_version_cannot_make_stays_for_a_newer_one_and_holds_up_no_other()
    {
        var unknown = (await AcceptAsync()).Id;
        var known = (await AcceptAsync()).Id;
        await ExecuteAsync($"""
            update request_events set type = 'request-accepted/9' where request_id = '{unknown}';
            update outbox set due_at = now()
            """);

        (await Log.ClaimDueAsync(10, TimeSpan.Zero, Cancellation)).ShouldHaveSingleItem().RequestId.ShouldBe(known);
        (await CountAsync($"outbox where request_id = '{unknown}'")).ShouldBe(1);

        await ExecuteAsync("update request_events set type = 'request-accepted'");
        (await Log.ClaimDueAsync(10, TimeSpan.Zero, Cancellation)).Select(outgoing => outgoing.RequestId).ShouldBe([unknown, known], ignoreOrder: true);
    }

    /// <summary>As a replica before migration 0005 writes it.</summary>
    private async Task<Guid> EndWithoutRetentionAsync(string state = "")
    {
        var id = (await AcceptAsync()).Id;
        await AppendAsync(id, Report(Guid.CreateVersion7(), Succeeded()));
        await ExecuteAsync($"update requests set expires_at = null{(state == "" ? "" : $", state = '{state}'")} where id = '{id}'");
        return id;
    }

    private Task WriteUnknownAsync(Guid id, int version) =>
        ExecuteAsync($"insert into request_events (request_id, version, type, at, data) values ('{id}', {version}, 'request-paused', now(), '{{}}')");
}
