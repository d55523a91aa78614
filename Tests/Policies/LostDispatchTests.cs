using AspireFeedback.Tests.Backend;
using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Policies;
using Npgsql;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Policies;

public class LostDispatchTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_dispatch_that_never_started_is_sent_again_once_as_the_same_attempt()
    {
        var state = await DispatchAsync();
        await PassAsync("5 minutes");

        var repeated = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RepeatAsync()));

        repeated.SelectMany(all => all).ShouldHaveSingleItem().ShouldBe(new(state.Id, "echo", 1));
        var outgoing = (await Log.ClaimDueAsync(10, TimeSpan.FromMinutes(1), Cancellation)).ShouldHaveSingleItem();
        (outgoing.Attempt, outgoing.Hop, outgoing.Body).ShouldBe((1, 1, """{"payload":{"text":"hi"}}"""));
        (await LoadAsync(state.Id)).Version.ShouldBe(1, "nothing has happened to the request");
    }

    [Fact]
    public async Task Instances_that_look_at_the_same_moment_send_it_again_once()
    {
        var state = await DispatchAsync();
        await PassAsync("1 hour");
        await ExecuteAsync($"insert into repeated_dispatches values ('{state.Id}', now() - interval '1 hour')");
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        await using var holding = await connection.BeginTransactionAsync(Cancellation);
        await using (var hold = new NpgsqlCommand("select from repeated_dispatches for update", connection))
            await hold.ExecuteNonQueryAsync(Cancellation);

        var looks = Enumerable.Range(0, 4).Select(_ => RepeatAsync()).ToArray();
        await Eventually.HoldsAsync(async () =>
            looks.Count(look => look.IsCompleted) + await CountAsync("pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == 4);
        await holding.CommitAsync(Cancellation);

        (await Task.WhenAll(looks)).Sum(repeated => repeated.Count).ShouldBe(1);
        (await CountAsync("outbox")).ShouldBe(1);
    }

    [Fact]
    public async Task It_is_sent_again_only_after_another_five_minutes()
    {
        await DispatchAsync();
        await PassAsync("5 minutes");
        (await RepeatAsync()).Count.ShouldBe(1);
        (await RepeatAsync()).ShouldBeEmpty("it stands in the outbox");
        await ExecuteAsync("delete from outbox");

        (await RepeatAsync()).ShouldBeEmpty("it was sent just now");
        await PassAsync("5 minutes");
        (await RepeatAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_dispatch_that_is_young_unsent_started_canceled_or_of_a_kind_with_a_queue_is_left_alone()
    {
        var started = await DispatchAsync();
        await AppendAsync(started.Id, Report(Guid.CreateVersion7(), Started()));
        await AppendAsync((await DispatchAsync()).Id, new CancelRequest("owner"));
        await AcceptAsync(); // in the outbox
        await PassAsync("1 hour");
        await DispatchAsync(); // young

        (await RepeatAsync()).ShouldBeEmpty();
        await PassAsync("1 hour");
        (await RepeatAsync("csv-profile")).ShouldBeEmpty();
        (await RepeatAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task After_a_forward_the_hop_that_was_to_run_is_sent_again()
    {
        var state = await DispatchAsync();
        var run = Guid.CreateVersion7();
        await AppendAsync(state.Id, Report(run, new() { Outcome = new Contracts.RunForwarded("csv-profile", Json("""{"n":1.0}""")) }));
        await AppendAsync(state.Id, Report(Guid.CreateVersion7(), Failed(), hop: 2));
        await ExecuteAsync("delete from outbox");
        await ExecuteAsync(Implementation.UpdateState(
            "regexp_replace(state, '\"nextAttemptAt\":\"[^\"]*\"', '\"nextAttemptAt\":\"2020-01-01T00:00:00Z\"')", "true"));
        await PassAsync("1 hour");

        (await RepeatAsync("echo")).ShouldBeEmpty("the queue that it was sent to is another one");
        (await RepeatAsync("csv-profile")).ShouldHaveSingleItem().ShouldBe(new(state.Id, "csv-profile", 2));
        var outgoing = (await Log.ClaimDueAsync(10, TimeSpan.FromMinutes(1), Cancellation)).ShouldHaveSingleItem();
        (outgoing.Kind, outgoing.Attempt, outgoing.Hop, outgoing.Body).ShouldBe(("csv-profile", 2, 2, """{"payload":{"n":1.0}}"""));
    }

    [Fact]
    public async Task A_hop_whose_message_was_lost_is_sent_again_until_it_starts()
    {
        var state = await DispatchAsync();
        var run = Guid.CreateVersion7();
        await AppendAsync(state.Id, Report(run, Started()));
        var forwarded = await AppendAsync(state.Id, Report(run, new() { Outcome = new Contracts.RunForwarded("csv-profile", Json("""{"n":1.0}""")) }));
        forwarded.Status.ShouldBe(RequestStatus.Running, "the next hop's start has not come");
        await PassAsync("4 minutes");
        (await RepeatAsync("csv-profile")).ShouldBeEmpty("it may still start");
        await PassAsync("1 minute");

        (await RepeatAsync("echo")).ShouldBeEmpty("the queue that it was sent to is another one");
        (await RepeatAsync("csv-profile")).ShouldHaveSingleItem().ShouldBe(new(state.Id, "csv-profile", 1));
        var outgoing = (await Log.ClaimDueAsync(10, TimeSpan.FromMinutes(1), Cancellation)).ShouldHaveSingleItem();
        (outgoing.Kind, outgoing.Attempt, outgoing.Hop, outgoing.Body).ShouldBe(("csv-profile", 1, 2, """{"payload":{"n":1.0}}"""));

        await Log.CompleteAsync([outgoing.Id], Cancellation);
        await AppendAsync(state.Id, Report(Guid.CreateVersion7(), Started(), hop: 2));
        await ExecuteAsync("delete from leases");
        await PassAsync("1 hour");
        (await RepeatAsync("csv-profile")).ShouldBeEmpty("it runs");
    }

    [Fact]
    public async Task Silence_counts_only_while_reports_can_get_here()
    {
        var (broker, time) = (new QuietBroker(), new ManualTime());
        var reports = new UndisturbedReports(broker, time);
        await LastsAsync(TimeSpan.FromMinutes(1));
        broker.IsBlocked = true;
        await LastsAsync(TimeSpan.Zero);
        broker.IsBlocked = false;
        await LastsAsync(TimeSpan.FromMinutes(1));
        broker.Reports = 3;
        await LastsAsync(TimeSpan.Zero);
        broker.Reports = 0;
        await LastsAsync(TimeSpan.FromMinutes(1));
        broker.IsConnected = false;
        await LastsAsync(TimeSpan.Zero);

        async Task LastsAsync(TimeSpan expected)
        {
            for (var second = 0; second < 60; second++)
            {
                await reports.ObserveAsync(Cancellation);
                time.Advance(TimeSpan.FromSeconds(1));
            }

            reports.Lasted.ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Silence_does_not_count_for_a_time_in_which_nobody_looked()
    {
        var time = new ManualTime();
        var reports = new UndisturbedReports(new QuietBroker(), time);
        await reports.ObserveAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(5));
        reports.Lasted.ShouldBe(TimeSpan.FromSeconds(5));

        time.Advance(TimeSpan.FromSeconds(1));
        reports.Lasted.ShouldBe(TimeSpan.Zero, "the last look is too long ago");
        await reports.ObserveAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(1));
        reports.Lasted.ShouldBe(TimeSpan.Zero, "what waited before this look is not known");
        await reports.ObserveAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(1));
        reports.Lasted.ShouldBe(TimeSpan.FromSeconds(1));
    }

    private Task<IReadOnlyList<RepeatedDispatch>> RepeatAsync(string kind = "echo") => Upkeep.RepeatDispatchesAsync([kind], Patience, 10, Cancellation);

    /// <summary>Accepted, sent and confirmed.</summary>
    private async Task<RequestState> DispatchAsync()
    {
        var accepted = (await Log.SubmitAsync([Submit()], Cancellation))[0];
        await Log.CompleteAsync([accepted.Outgoing!.Id], Cancellation);
        return accepted.State!;
    }

    private Task PassAsync(string time) => ExecuteAsync($"""
        update requests set updated_at = updated_at - interval '{time}';
        update repeated_dispatches set at = at - interval '{time}'
        """);
}
