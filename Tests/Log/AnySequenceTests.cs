using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log;

/// <summary>Properties over seeded random sequences; a failure names its seed.</summary>
public sealed class AnySequenceTests
{
    private static readonly Guid[] Runs = [.. Enumerable.Range(1, 4).Select(n => new Guid(n, 0, 0, new byte[8]))];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_comes_the_invariants_hold_and_replaying_the_stream_gives_the_snapshot(int seed)
    {
        for (var n = 0; n < 200; n++)
        {
            var random = new Random(seed * 1000 + n);
            var given = new Given();
            var accepted = RequestState.Accept(given.State.Id, Accepted(), Start);
            var state = accepted;
            var stream = new List<StoredEvent>();
            var now = Start;
            for (var step = 0; step < 40; step++)
            {
                now += TimeSpan.FromMilliseconds(random.Next(20_000));
                var before = state;
                var command = AnyCommand(random, before);
                var decision = RequestDecisions.Decide(before, command, Policy, now);
                foreach (var e in decision.Events)
                {
                    state = state.Apply(e, now);
                    stream.Add(new(state.Id, state.Version, now, e));
                }

                ShouldBeSound(before, state, decision, command, seed);
                RequestDecisions.Decide(state, command, Policy, now).Events.ShouldBeEmpty($"seed {seed}: {command} told twice");
            }

            var replayed = stream.Aggregate(accepted, (folded, stored) => folded.Apply(EventNames.Read(EventNames.NameOf(stored.Event), EventNames.Write(stored.Event)), stored.At));
            Snapshot(replayed).ShouldBe(Snapshot(state), $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Reports_of_a_run_in_any_order_and_twice_give_the_same_stream_apart_from_progress(int seed)
    {
        RunReport[] reports =
        [
            Started(),
            Progress(1, 10),
            new() { Output = [new(0, "a"), new(1, "b")] },
            Progress(2, 50),
            new() { Output = [new(2, "c")], Progress = new(3, 90) },
        ];
        RunReport[] outcomes = [Succeeded(), Failed(), Failed(permanent: true), new() { Outcome = new RunAsked("k", "?") }, new() { Outcome = new RunForwarded("next", Json("{}")) }];
        var outcome = outcomes[seed % outcomes.Length];
        var expected = Stream([.. reports, outcome]);
        var random = new Random(seed);
        for (var n = 0; n < 200; n++)
        {
            // An outcome closes, so output that it overtakes is lost as a preview; everything before it may come in any order, twice.
            var shuffled = reports.Concat(reports).ToArray();
            random.Shuffle(shuffled);
            Stream([.. shuffled, outcome, .. shuffled, outcome]).ShouldBe(expected, ignoreOrder: true, $"seed {seed}");

            var all = reports.Append(outcome).Concat(reports.Append(outcome)).ToArray();
            random.Shuffle(all);
            Stream(all).Where(e => e is not OutputAppended).ShouldBe(expected.Where(e => e is not OutputAppended), $"seed {seed}");
        }
    }

    private static List<RequestEvent> Stream(RunReport[] reports)
    {
        var given = new Given();
        var events = new List<RequestEvent>();
        foreach (var report in reports)
            events.AddRange(given.When(Runs[0], report).Last.Events);
        return [.. events.Where(e => e is not ProgressReported).Select(Plain)];
    }

    /// <summary>JSON elements compare by reference; their text is what matters.</summary>
    private static RequestEvent Plain(RequestEvent e) => e switch
    {
        RequestSucceeded x => x with { Result = default },
        HopForwarded x => x with { Message = default },
        InputRequested x => x with { Schema = null },
        _ => e,
    };

    private static void ShouldBeSound(RequestState before, RequestState after, Decision decision, RequestCommand command, int seed)
    {
        var why = $"seed {seed}: {command} on {before.Status}";
        after.Version.ShouldBe(before.Version + decision.Events.Count, why);
        after.Attempt.ShouldBeGreaterThanOrEqualTo(before.Attempt, why);
        if (before.Done)
            decision.Events.ShouldBeEmpty(why);
        if (after.Status is RequestStatus.Running)
            (after.Run is not null || after.ResumeHop > 1).ShouldBeTrue(why);
        if (after.Status is RequestStatus.InputRequired)
            after.Input.ShouldNotBeNull(why);
        if (after.Status is RequestStatus.Held)
            after.Error.ShouldNotBeNull(why);
        if (after.Open)
            after.Failures.ShouldBeLessThan(Policy.MaxFailures, why);
        // Nothing waits for nobody: a pending request that was not just accepted has a dispatch on its way.
        if (after.Status is RequestStatus.Pending && before.Status is not RequestStatus.Pending)
            DispatchPlan.Of(Commit.Of(before, decision.Events, after.UpdatedAt)).WorkDueAt.ShouldNotBeNull(why);
    }

    private static string Snapshot(RequestState state) =>
        $"{state.Status} {state.Version} {state.UpdatedAt:O} {state.Result} {System.Text.Json.JsonSerializer.Serialize(state, FeedbackJson.Options)}";

    private static RequestCommand AnyCommand(Random random, RequestState state) => random.Next(12) switch
    {
        0 => new CancelRequest("owner"),
        1 => new RetryRequest("owner", random.Next(2) == 0 ? null : state.Version),
        2 => new ProvideInput(random.Next(2) == 0 ? null : "k", Json(random.Next(2) == 0 ? "1" : "2"), "owner"),
        3 => new BuryAttempt(random.Next(1, 6), "delivery_limit"),
        4 => new StallRun(Runs[random.Next(Runs.Length)], Start),
        5 => random.Next(10) == 0 ? new GiveUpOnCancel() : new ExpireRequest(),
        _ => new TakeReport(random.Next(Math.Max(0, state.Attempt - 1), state.Attempt + 2), random.Next(0, 3), Runs[random.Next(Runs.Length)], AnyReport(random)),
    };

    private static RunReport AnyReport(Random random) => new()
    {
        Started = random.Next(3) == 0 ? new("echo", false, random.Next(3)) : null,
        Progress = random.Next(3) == 0 ? new(random.Next(5), random.Next(100), "m") : null,
        Output = random.Next(4) == 0 ? [new(random.Next(4), "x")] : null,
        Outcome = random.Next(14) switch
        {
            0 => new RunSucceeded(Json("1")),
            1 => new RunFailed(Problem.Of("x", "x"), Permanent: random.Next(3) == 0),
            2 => new RunFailed(Problem.Of("x", "x")),
            3 => new RunAsked("k", "?"),
            4 => new RunForwarded("next", Json("{}")),
            5 => new RunCanceled(),
            _ => null,
        },
    };
}
