using AspireFeedback.Contracts;
using AspireFeedback.Tests.Backend;
using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Waiting;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Waiting;

public class QueueEstimateTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    [Fact]
    public async Task Every_kind_is_a_queue_of_its_own_in_the_order_of_acceptance()
    {
        var echoes = await AcceptAsync("echo", 5);
        var profiles = await AcceptAsync("csv-profile", 3);
        await AppendAsync(echoes[1].Id, Report(Guid.CreateVersion7(), Started()));
        await AppendAsync(profiles[0].Id, Report(Guid.CreateVersion7(), Succeeded()));
        var queues = new QueueEstimates(Upkeep, new(Kinds.All), TimeProvider.System, NullLogger<QueueEstimates>.Instance);

        (await PositionsAsync(queues, echoes)).ShouldBe([1, null, 2, 3, 4]);
        (await PositionsAsync(queues, profiles)).ShouldBe([null, 1, 2]);
    }

    [Fact]
    public async Task However_many_ask_a_queue_is_sampled_once_a_second()
    {
        var (time, log) = (new ManualTime(), new CountedUpkeep(Upkeep));
        var queues = new QueueEstimates(log, new(Kinds.All), time, NullLogger<QueueEstimates>.Instance);
        var echoes = await AcceptAsync("echo", 20);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PositionsAsync(queues, echoes)));
        log.Samples.ShouldBe(1);

        time.Advance(TimeSpan.FromMilliseconds(900));
        await PositionsAsync(queues, echoes);
        log.Samples.ShouldBe(1);
        time.Advance(TimeSpan.FromMilliseconds(100));
        await PositionsAsync(queues, echoes);
        await Eventually.HoldsAsync(() => log.Samples == 2);
    }

    [Fact]
    public async Task The_time_to_wait_appears_when_the_queue_has_moved()
    {
        var time = new ManualTime();
        var queues = new QueueEstimates(Upkeep, new(Kinds.All), time, NullLogger<QueueEstimates>.Instance);
        var echoes = await AcceptAsync("echo", 6);
        (await queues.OfAsync(echoes[5], Cancellation)).ShouldBe(new(6, null));

        await AppendAsync(echoes[0].Id, Report(Guid.CreateVersion7(), Started()));
        await AppendAsync(echoes[1].Id, Report(Guid.CreateVersion7(), Started()));
        time.Advance(TimeSpan.FromSeconds(15)); // the sample is too old to be used meanwhile

        var moved = (await queues.OfAsync(echoes[5], Cancellation)).ShouldNotBeNull();
        moved.Position.ShouldBe(4);
        moved.EtaSeconds.ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Of_a_long_queue_positions_are_near_the_truth()
    {
        const int length = 2000;
        await ExecuteAsync($$"""
            insert into requests (id, owner, kind, status, version, created_at, updated_at, deadline, fingerprint, state)
            select gen_random_uuid(), gen_random_uuid(), 'echo', 'Pending', 1, now() - n * interval '1 second', now(), now(), '', '{}' from generate_series(1, {{length}}) n
            """);
        var sample = (await Upkeep.SampleWaitingAsync(["echo", "csv-profile"], Cancellation)).ToDictionary(sample => sample.Kind);

        sample["csv-profile"].Waiting.ShouldBe(0);
        sample["echo"].Waiting.ShouldBe(length);
        sample["echo"].Accepted.Count.ShouldBeLessThan(600);
        var pace = new QueuePace();
        pace.Add(sample["echo"]);
        pace.Of(sample["echo"].At - TimeSpan.FromSeconds(500.5))!.Position.ShouldBeInRange(length - 502, length - 498);
    }

    private async Task<List<RequestState>> AcceptAsync(string kind, int count)
    {
        var states = new List<RequestState>();
        for (var n = 0; n < count; n++)
            states.Add((await Log.SubmitAsync([Submit() with { Kind = kind }], Cancellation))[0].State!);
        return states;
    }

    private async Task<List<int?>> PositionsAsync(QueueEstimates queues, List<RequestState> states)
    {
        var positions = new List<int?>();
        foreach (var state in states)
            positions.Add((await queues.OfAsync(await LoadAsync(state.Id), Cancellation))?.Position);
        return positions;
    }
}
