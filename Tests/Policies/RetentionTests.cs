using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Policies;

public class RetentionTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    private static readonly string[] Tables = ["requests", "request_events", "outbox", "leases", "repeated_dispatches"];

    [Fact]
    public async Task What_ended_seven_days_ago_goes_with_all_its_rows_and_leaves_a_tombstone()
    {
        var (ended, submission) = await EndAsync();
        await ExecuteAsync($"insert into leases values ('{ended}', gen_random_uuid(), now()); insert into repeated_dispatches values ('{ended}', now())");
        await ExecuteAsync($"insert into outbox (request_id, type, kind, attempt, hop, due_at) values ('{ended}', 'timer', 'x', 1, 1, now())");

        await PassAsync("6 days 23 hours");
        (await RunAsync()).ShouldBe(0);
        await PassAsync("1 hour");
        (await RunAsync()).ShouldBe(1);

        foreach (var table in Tables)
            (await CountAsync(table)).ShouldBe(0, table);
        (await Log.SubmitAsync([submission], Cancellation))[0].Status.ShouldBe(SubmitStatus.Gone);
        (await Log.SubmitAsync([submission with { Owner = Guid.NewGuid() }], Cancellation))[0].Status.ShouldBe(SubmitStatus.IdReused);
        (await Log.LoadAsync([ended], Cancellation)).ById.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_can_submit_it_again_between_its_tombstone_and_its_removal()
    {
        var (ended, submission) = await EndAsync();
        await PassAsync("7 days");

        (await Upkeep.BuryAsync(100, Cancellation)).ShouldBe(1);
        (await Upkeep.RemoveBuriedAsync(100, Cancellation)).ShouldBeEmpty("a submit that began before may still run");

        (await Log.SubmitAsync([submission], Cancellation))[0].Status.ShouldBe(SubmitStatus.Gone);
        (await Log.FindSubmittedAsync(submission, Cancellation)).ShouldNotBeNull().Status.ShouldBe(SubmitStatus.Gone);
        (await LoadAsync(ended)).Done.ShouldBeTrue("its owner reads it until it is removed");
    }

    [Fact]
    public async Task What_has_not_ended_stays_however_old_and_a_held_request_has_not_ended()
    {
        var waits = await AcceptAsync();
        var held = await AcceptAsync();
        for (var attempt = 1; attempt <= Policy.MaxFailures; attempt++)
            await AppendAsync(held.Id, Report(Guid.CreateVersion7(), Failed(), attempt));
        (await LoadAsync(held.Id)).Status.ShouldBe(RequestStatus.Held);

        await PassAsync("1 year");
        (await RunAsync()).ShouldBe(0);

        (await LoadAsync(waits.Id)).Status.ShouldBe(RequestStatus.Pending);
        (await LoadAsync(held.Id)).Status.ShouldBe(RequestStatus.Held);
    }

    [Fact]
    public async Task Two_replicas_at_once_remove_each_request_once()
    {
        for (var n = 0; n < 40; n++)
            await EndAsync();
        await PassAsync("8 days");

        var buried = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Upkeep.BuryAsync(3, Cancellation)));
        while (await Upkeep.BuryAsync(3, Cancellation) is > 0 and var more)
            buried[0] += more;
        await PassAsync("1 minute");
        var removed = (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Upkeep.RemoveBuriedAsync(3, Cancellation)))).SelectMany(ids => ids).ToList();
        while (await Upkeep.RemoveBuriedAsync(3, Cancellation) is { Count: > 0 } more)
            removed.AddRange(more);

        while ((await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Upkeep.RemoveEventsAsync(5, Cancellation)))).Sum() > 0)
        {
        }

        buried.Sum().ShouldBe(40);
        removed.Count.ShouldBe(40);
        removed.ShouldBeUnique();
        (await CountAsync("requests")).ShouldBe(0);
        (await CountAsync("request_events")).ShouldBe(0);
        (await CountAsync("tombstones where not removing")).ShouldBe(40);
    }

    [Fact]
    public async Task A_long_stream_goes_in_parts_and_stays_marked_until_the_last()
    {
        var (ended, submission) = await EndAsync();
        await ExecuteAsync($"insert into request_events (request_id, version, type, at, data) select '{ended}', v, 'x', now(), '{{}}' from generate_series(100, 106) v");
        await PassAsync("7 days");
        await Upkeep.BuryAsync(100, Cancellation);
        (await Upkeep.RemoveEventsAsync(4, Cancellation)).ShouldBe(0, "the request itself goes first");
        await PassAsync("1 minute");
        (await Upkeep.RemoveBuriedAsync(100, Cancellation)).ShouldBe([ended]);

        (await CountAsync("request_events")).ShouldBe(10);
        foreach (var left in new[] { 6, 2 })
        {
            (await Upkeep.RemoveEventsAsync(4, Cancellation)).ShouldBe(4);
            (await CountAsync("request_events")).ShouldBe(left);
            (await CountAsync("tombstones where removing")).ShouldBe(1);
            (await Upkeep.RemoveBuriedAsync(100, Cancellation)).ShouldBeEmpty("it is removed once");
        }

        (await Upkeep.RemoveEventsAsync(4, Cancellation)).ShouldBe(2 + 1, "two events and the mark");
        (await CountAsync("tombstones where not removing")).ShouldBe(1);
        (await Upkeep.RemoveEventsAsync(4, Cancellation)).ShouldBe(0);
        (await Log.SubmitAsync([submission], Cancellation))[0].Status.ShouldBe(SubmitStatus.Gone);
    }

    [Fact]
    public async Task A_tombstone_stands_for_a_year()
    {
        await EndAsync();
        await PassAsync("7 days");
        await RunAsync();

        await PassAsync("364 days");
        (await Upkeep.ForgetAsync(100, Cancellation)).ShouldBe(0);
        await PassAsync("2 days");
        (await Upkeep.ForgetAsync(100, Cancellation)).ShouldBe(1);
        (await CountAsync("tombstones")).ShouldBe(0);
    }

    [Fact]
    public void The_time_promised_at_the_acceptance_counts_until_the_end()
    {
        var state = RequestState.Accept(Given.Id, Accepted() with { Retention = TimeSpan.FromDays(2) }, Start);
        state.ExpiresAt.ShouldBeNull();
        state = state.Apply(new RequestSucceeded(1, Guid.NewGuid(), Json("1")), Start.AddHours(1));
        StatusDocument.Of(state, new(Contracts.Kinds.All)).ExpiresAt.ShouldBe(Start.AddHours(49));
        new RetentionOptions { Period = TimeSpan.FromHours(23) }.IsValid().ShouldBeFalse();
    }

    private async Task<(Guid Id, Submission Submission)> EndAsync()
    {
        var submission = Submit();
        await Log.SubmitAsync([submission], Cancellation);
        await AppendAsync(submission.Id, Report(Guid.CreateVersion7(), Succeeded()));
        return (submission.Id, submission);
    }

    /// <summary>All steps, with the time that lies between them.</summary>
    private async Task<int> RunAsync()
    {
        await Upkeep.BuryAsync(100, Cancellation);
        await PassAsync("1 minute");
        var removed = (await Upkeep.RemoveBuriedAsync(100, Cancellation)).Count;
        while (await Upkeep.RemoveEventsAsync(100, Cancellation) > 0)
        {
        }

        return removed;
    }

    private Task PassAsync(string time) => ExecuteAsync($"""
        update requests set expires_at = expires_at - interval '{time}', deadline = deadline - interval '{time}';
        update tombstones set removed_at = removed_at - interval '{time}'
        """);
}
