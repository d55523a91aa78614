using AspireFeedback.LocalAspire.Testing;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Faults.CrashWindows;

public sealed class BackendKilledTests(CrashSystem system) : CrashWindowTest(system)
{
    [Fact]
    public async Task A_backend_killed_before_it_has_reported_its_start_leaves_no_trace()
    {
        var (victim, survivor) = (Backends[0], Backends[1]);
        var witness = await WitnessAtAsync(Webs[1]);
        await CutOffAsync(survivor, Evidence.Echo);
        using var report = RelayOf(victim).Hold(AmqpSide.Client, AmqpMethod.Publish);

        var id = await SubmitAsync(Webs[0], new { text = "unstarted", delayMs = 200 });
        await witness.FollowAsync(id);
        await report.UntilReachedAsync();
        await Eventually.HoldsAsync(async () => await Evidence.OutboxAsync(id) == 0, "Web has sent it for good");
        (await Evidence.EventsAsync(id)).ShouldBe(["request-accepted"]);
        (await Evidence.ReadyAsync(Evidence.Echo)).ShouldBe(0, "the victim has it");
        await victim.KillAsync(Cancellation);

        RelayOf(survivor).Mend();
        var events = await ShouldEndOnceAsync(id, witness);
        var started = Of(events, "attempt-started").ShouldHaveSingleItem();
        started.GetProperty("redelivered").GetBoolean().ShouldBeTrue();
        IsOf(survivor, started.GetProperty("worker").GetString()!).ShouldBeTrue();
    }

    [Fact]
    public async Task A_backend_killed_in_mid_work_is_followed_by_another_from_the_start()
    {
        var (victim, survivor) = (Backends[0], Backends[1]);
        var victimsProcess = $"/{victim.ProcessId}";
        var witness = await WitnessAtAsync(Webs[1]);
        await CutOffAsync(survivor, Evidence.Echo);

        var id = await SubmitAsync(Webs[0], new { text = "half done", delayMs = 3000, steps = 10 });
        await witness.FollowAsync(id);
        await Eventually.HoldsAsync(async () => (await Evidence.EventsAsync(id)).Contains("progress-reported"), "it is at work");
        await victim.KillAsync(Cancellation);
        (await Evidence.EventsAsync(id)).ShouldNotContain("request-succeeded");

        RelayOf(survivor).Mend();
        var events = await ShouldEndOnceAsync(id, witness);
        var starts = Of(events, "attempt-started");
        starts.Count.ShouldBe(2);
        starts[0].GetProperty("worker").GetString()!.ShouldEndWith(victimsProcess);
        IsOf(survivor, starts[1].GetProperty("worker").GetString()!).ShouldBeTrue();
        starts.ShouldAllBe(started => started.GetProperty("attempt").GetInt32() == 1);
        Of(events, "request-succeeded")[0].GetProperty("run").GetGuid().ShouldBe(starts[1].GetProperty("run").GetGuid());
    }

    [Fact]
    public async Task A_backend_killed_after_its_reports_are_confirmed_before_it_acknowledges_changes_nothing_any_more()
    {
        var (victim, survivor) = (Backends[0], Backends[1]);
        var witness = await WitnessAtAsync(Webs[1]);
        await CutOffAsync(Webs[0], Reports);
        await CutOffAsync(survivor, Evidence.Echo);
        using var acknowledgement = RelayOf(victim).Hold(AmqpSide.Client, AmqpMethod.Ack);

        var id = await SubmitAsync(Webs[0], new { text = "reported" });
        await witness.FollowAsync(id);
        await acknowledgement.UntilReachedAsync();
        var events = await ShouldEndOnceAsync(id, witness);
        (await Evidence.ReadyAsync(Evidence.Echo)).ShouldBe(0, "the victim has not given it back");
        var published = RelayOf(survivor).Passed(AmqpSide.Client, AmqpMethod.Publish);
        await victim.KillAsync(Cancellation);

        RelayOf(survivor).Mend();
        await Eventually.HoldsAsync(
            () => RelayOf(survivor).Passed(AmqpSide.Client, AmqpMethod.Publish) > published, "the survivor runs it again and reports");
        await ShouldStayAsItIsAsync(id, events, Webs[1]);
    }

    private static bool IsOf(Replica backend, string worker) => worker.EndsWith($"/{backend.ProcessId}", StringComparison.Ordinal);
}
