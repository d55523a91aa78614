using System.Net;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Faults.CrashWindows;

public sealed class BrokerAndRedisTests(CrashSystem system) : CrashWindowTest(system)
{
    private static readonly TimeSpan QueuesSettled = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_outcome_that_arrives_while_Redis_is_away_is_seen_at_every_replica(bool isPaused)
    {
        var witnesses = new[] { await WitnessAtAsync(Webs[0]), await WitnessAtAsync(Webs[1]) };
        var id = await SubmitAsync(Webs[0], new { text = "unheard", delayMs = 1500 });
        foreach (var witness in witnesses)
            await witness.FollowAsync(id);
        await Eventually.HoldsAsync(async () => (await Evidence.EventsAsync(id)).Contains("attempt-started"), "it runs");
        await (isPaused ? Redis.PauseAsync() : Redis.KillAsync(Cancellation));
        (await Evidence.EventsAsync(id)).ShouldNotContain("request-succeeded", "Redis left before the outcome came");

        // One replica takes the outcome; the other is not told.
        foreach (var witness in witnesses)
            await ShouldEndOnceAsync(id, witness);
        await (isPaused ? Redis.ContinueAsync() : Redis.StartAsync(Cancellation));

        var next = await SubmitAsync(Webs[1], new { text = "heard" });
        foreach (var witness in witnesses)
            await witness.FollowAsync(next);
        foreach (var witness in witnesses)
            await ShouldEndOnceAsync(next, witness);
    }

    [Fact]
    public async Task A_broker_that_is_killed_with_messages_in_every_queue_brings_them_all_back()
    {
        var witness = await WitnessAtAsync(Webs[1]);
        await Evidence.PublishGarbageReportAsync();
        await Evidence.UntilReadyAsync("reports.dead", 1);
        var reported = await LeaveAReportAsync(witness);
        var died = await LeaveADeadLetterAsync(witness);
        var waiting = await SubmitAsync(Webs[0], new { text = "waiting" });
        var file = await Person.UploadAsync("a,b\n1,2\n", Cancellation);
        var profile = await SubmitAsync(Webs[1], new { file }, "csv-profile");
        var canceled = await SubmitAsync(Webs[0], new { text = "never", delayMs = 600_000 });
        foreach (var id in new[] { waiting, profile, canceled })
            await witness.FollowAsync(id);
        await Evidence.UntilReadyAsync(Evidence.Echo, 2);
        var controls = await Evidence.ReadyAsync("control");
        (await Person.CancelAsync(canceled, Cancellation)).Status.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.HoldsAsync(async () => await Evidence.ReadyAsync("control") > controls, "the order to stop is in the stream");
        foreach (var (queue, count) in new[] { (Reports, 1), ("dead", 1), (Evidence.Echo, 2), (Evidence.CsvProfile, 1), ("reports.dead", 1) })
            await Evidence.UntilReadyAsync(queue, count);
        await Eventually.HoldsAsync(() => TimeProvider.System.GetUtcNow() - StartedAt > QueuesSettled, "the queues are not new");

        await Broker.KillAsync(Cancellation);
        Broker.ProcessId.ShouldBeNull();
        await Broker.StartAsync(Cancellation);
        foreach (var replica in Webs.Concat(Backends))
            RelayOf(replica).Mend();

        foreach (var id in new[] { reported, waiting, profile })
            Of(await ShouldEndOnceAsync(id, witness), "attempt-started").Count.ShouldBe(1);
        var events = await ShouldEndOnceAsync(died, witness);
        Of(events, "attempt-failed").ShouldHaveSingleItem().GetProperty("error").GetProperty("type").GetString().ShouldBe("/problems/worker-died");
        Of(events, "attempt-started").ShouldHaveSingleItem().GetProperty("attempt").GetInt32().ShouldBe(2);
        var end = Of(await ShouldEndOnceAsync(canceled, witness, "request-canceled"), "request-canceled").Single();
        (end.TryGetProperty("reason", out var reason) ? reason.GetString() : null).ShouldBeNull("a worker answered, before Web gave up");
        (await Evidence.ReadyAsync("reports.dead")).ShouldBe(1);
        await Evidence.PurgeAsync("reports.dead");
    }

    /// <summary>Of a run that ends while no Web takes reports.</summary>
    private async Task<Guid> LeaveAReportAsync(Witness witness)
    {
        var (taken, through) = await QuietAsync(() => (AcknowledgedBy(Webs), AcknowledgedBy(Backends)));
        var id = await SubmitAsync(Webs[0], new { text = "reported", delayMs = 2000 });
        await witness.FollowAsync(id);
        await Eventually.HoldsAsync(async () => (await Evidence.EventsAsync(id)).Contains("attempt-started"), "its start is recorded");
        await Eventually.HoldsAsync(() => AcknowledgedBy(Webs) > taken, "the report of its start is taken");
        foreach (var web in Webs)
            RelayOf(web).Cut("consume");
        await Eventually.HoldsAsync(() => AcknowledgedBy(Backends) > through, "the worker is through with it");
        (await Evidence.EventsAsync(id)).ShouldBe(["request-accepted", "attempt-started"]);
        await Evidence.UntilReadyAsync(Reports, 1);
        return id;
    }

    /// <summary>Of a message that no worker survives; from here on nobody takes work.</summary>
    private async Task<Guid> LeaveADeadLetterAsync(Witness witness)
    {
        foreach (var backend in Backends)
            RelayOf(backend).Cut("consume");
        await Evidence.UntilConsumersAsync(Evidence.Echo, 0);
        var id = await SubmitAsync(Webs[1], new { text = "deadly" });
        await witness.FollowAsync(id);
        await Evidence.UntilReadyAsync(Evidence.Echo, 1);
        (await Evidence.RefuseAsync(Evidence.Echo)).ShouldBe(id.ToString());
        await Evidence.UntilReadyAsync("dead", 1);
        return id;
    }
}
