using AspireFeedback.Tests.Support;
using Npgsql;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Faults.CrashWindows;

public sealed class WebKilledTests(CrashSystem system) : CrashWindowTest(system)
{
    [Fact]
    public async Task A_web_killed_after_commit_before_publish_loses_nothing()
    {
        var (victim, survivor) = (Webs[0], Webs[1]);
        var witness = await WitnessAtAsync(survivor);
        var published = RelayOf(victim).Passed(AmqpSide.Client, AmqpMethod.Publish);
        using var publish = RelayOf(victim).Hold(AmqpSide.Client, AmqpMethod.Publish);

        var id = await SubmitAsync(victim, new { text = "committed" });
        await witness.FollowAsync(id);
        await publish.UntilReachedAsync();
        (await Evidence.EventsAsync(id)).ShouldBe(["request-accepted"]);
        (await Evidence.OutboxAsync(id)).ShouldBe(1);
        (await Evidence.ReadyAsync(Evidence.Echo)).ShouldBe(0);
        RelayOf(victim).Passed(AmqpSide.Client, AmqpMethod.Publish).ShouldBe(published, "the broker has seen nothing of it");
        await victim.KillAsync(Cancellation);

        var events = await ShouldEndOnceAsync(id, witness);
        Of(events, "attempt-started").Count.ShouldBe(1);
        (await Evidence.OutboxAsync(id)).ShouldBe(0);
    }

    [Fact]
    public async Task A_web_killed_after_publish_before_the_outbox_delete_sends_twice_and_one_outcome_counts()
    {
        var (victim, survivor) = (Webs[0], Webs[1]);
        var witness = await WitnessAtAsync(survivor);
        foreach (var backend in Backends)
            RelayOf(backend).Cut("consume");
        await Evidence.UntilConsumersAsync(Evidence.Echo, 0);
        using var confirm = RelayOf(victim).Hold(AmqpSide.Broker, AmqpMethod.Ack);

        var id = await SubmitAsync(victim, new { text = "published" });
        await witness.FollowAsync(id);
        await confirm.UntilReachedAsync();
        (await Evidence.ReadyAsync(Evidence.Echo)).ShouldBe(1, "it is in the queue");
        (await Evidence.OutboxAsync(id)).ShouldBe(1, "and still to be sent");
        await victim.KillAsync(Cancellation);

        await Evidence.UntilReadyAsync(Evidence.Echo, 2);
        var reports = RelayOf(survivor).Passed(AmqpSide.Broker, AmqpMethod.Deliver);
        foreach (var backend in Backends)
            RelayOf(backend).Mend();
        var events = await ShouldEndOnceAsync(id, witness);
        Of(events, "attempt-started").Select(started => started.GetProperty("attempt").GetInt32()).Distinct().ShouldBe([1]);
        await Eventually.HoldsAsync(() => RelayOf(survivor).Passed(AmqpSide.Broker, AmqpMethod.Deliver) >= reports + 2, "both runs report");
        await ShouldStayAsItIsAsync(id, events, survivor);
        (await Evidence.OutboxAsync(id)).ShouldBe(0);
    }

    [Fact]
    public async Task A_web_killed_with_a_report_in_hand_before_its_commit_leaves_it_to_the_other()
    {
        var (victim, survivor) = (Webs[0], Webs[1]);
        var witness = await WitnessAtAsync(survivor);
        await CutOffAsync(survivor, Reports);
        foreach (var backend in Backends)
            RelayOf(backend).Cut("consume");
        await Evidence.UntilConsumersAsync(Evidence.Echo, 0);
        var id = await SubmitAsync(victim, new { text = "in hand" });
        await witness.FollowAsync(id);
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(connection, "select 1 from requests where id = $1 for update", id);
        var acknowledged = await QuietAsync(() => AcknowledgedBy([victim]));

        foreach (var backend in Backends)
            RelayOf(backend).Mend();
        await Eventually.HoldsAsync(async () => (await Evidence.BlockedAsync()).Count > 0, "the commit of the report waits for the row");
        (await Evidence.EventsAsync(id)).ShouldBe(["request-accepted"]);
        (await Evidence.ReadyAsync(Reports)).ShouldBe(0);
        AcknowledgedBy([victim]).ShouldBe(acknowledged);
        var blocked = await Evidence.BlockedAsync();
        await victim.KillAsync(Cancellation);
        // PostgreSQL does not notice that a client died while its statement waits: it would commit for the dead.
        foreach (var pid in blocked)
            await ExecuteAsync(connection, "select pg_terminate_backend($1, 5000)", pid);
        await transaction.RollbackAsync(Cancellation);
        (await Evidence.EventsAsync(id)).ShouldBe(["request-accepted"]);

        RelayOf(survivor).Mend();
        await ShouldEndOnceAsync(id, witness);
    }

    [Fact]
    public async Task A_web_killed_after_the_commit_of_a_report_before_announcing_it_keeps_nobody_waiting()
    {
        var (victim, survivor) = (Webs[0], Webs[1]);
        var witness = await WitnessAtAsync(survivor);
        await CutOffAsync(survivor, Reports);
        // Dead, not paused: from a paused one's socket the announcement would come out after all.
        await Redis.KillAsync(Cancellation);
        using var acknowledgement = RelayOf(victim).Hold(AmqpSide.Client, AmqpMethod.Ack);

        var id = await SubmitAsync(victim, new { text = "unannounced" });
        await witness.FollowAsync(id);
        await Eventually.HoldsAsync(async () => (await Evidence.EventsAsync(id))[^1] == "request-succeeded", "the report is committed");
        await victim.KillAsync(Cancellation);
        Redis.ProcessId.ShouldBeNull("nothing carried the announcement");

        RelayOf(survivor).Mend();
        await Redis.StartAsync(Cancellation);
        await ShouldEndOnceAsync(id, witness);
    }

    [Fact]
    public async Task A_web_killed_after_announcing_before_acknowledging_tells_nothing_twice()
    {
        var (victim, survivor) = (Webs[0], Webs[1]);
        var witness = await WitnessAtAsync(survivor);
        await CutOffAsync(survivor, Reports);
        using var acknowledgement = RelayOf(victim).Hold(AmqpSide.Client, AmqpMethod.Ack);

        var id = await SubmitAsync(victim, new { text = "unacknowledged" });
        await witness.FollowAsync(id);
        await acknowledgement.UntilReachedAsync();
        (await witness.UntilDoneAsync(id, Cancellation))[^1].ShouldBe("request-succeeded", "announced to the other replica");
        var delivered = RelayOf(survivor).Passed(AmqpSide.Broker, AmqpMethod.Deliver);
        await victim.KillAsync(Cancellation);

        RelayOf(survivor).Mend();
        await Eventually.HoldsAsync(() => RelayOf(survivor).Passed(AmqpSide.Broker, AmqpMethod.Deliver) > delivered, "the report comes again");
        await ShouldStayAsItIsAsync(id, await ShouldEndOnceAsync(id, witness), survivor);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, object value)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = value } } };
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
