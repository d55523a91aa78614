using AspireFeedback.Messaging;
using AspireFeedback.Tests.Requests;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log.Whole;

/// <summary>The log as it was when it was dumped, restored into a cluster that has never seen it.</summary>
public class BackupTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    private readonly PostgresServer _postgres = postgres;

    [Fact]
    public async Task The_whole_log_is_readable_in_order_from_any_position_and_new_events_come_after_it()
    {
        ForPostgresAlone();
        for (var n = 0; n < 30; n++)
        {
            var id = (await AcceptAsync()).Id;
            if (n % 3 != 0)
                await AppendAsync(id, Report(Guid.CreateVersion7(), n % 3 == 1 ? Succeeded() : Failed()));
        }

        // Positions and transaction ids that the new cluster is far from.
        await ExecuteAsync("delete from request_events where position % 7 = 0; select setval('request_events_position_seq', 5000000000)");
        await AcceptAsync();
        var before = await ReadAllAsync(Services, LogPosition.Start);
        before[^1].Position.Value.ShouldBe(5_000_000_001);
        await using var cluster = new PostgresServer();
        var restored = await RestoreAsync(ConnectionString, cluster);

        await using var web = await LiveReplica.StartAsync(restored);
        await web.Services.GetRequiredService<Migrator>().MigrateAsync(Cancellation); // as it starts
        var after = await ReadAllAsync(web.Services, LogPosition.Start);
        after.Select(Text).ShouldBe(before.Select(Text));
        var middle = before[before.Count / 2].Position;
        (await ReadAllAsync(web.Services, middle)).Select(Text).ShouldBe(before[(before.Count / 2 + 1)..].Select(Text));

        var fresh = (await web.Services.GetRequiredService<IRequestLog>().SubmitAsync([Submit()], Cancellation))[0].State!;
        var next = (await ReadAllAsync(web.Services, before[^1].Position)).ShouldHaveSingleItem();
        next.Stored.RequestId.ShouldBe(fresh.Id);
        next.Position.Value.ShouldBe(5_000_000_002);
    }

    [Fact]
    public async Task What_was_in_the_outbox_is_sent_again_and_nothing_is_applied_twice()
    {
        ForPostgresAlone();
        var unsent = (await AcceptAsync()).Id;
        // Sent, and its worker has started; only the row was not deleted yet.
        var (running, run) = ((await AcceptAsync()).Id, Guid.CreateVersion7());
        await AppendAsync(running, Report(run, Started()));
        var waits = (await AcceptAsync()).Id;
        await AppendAsync(waits, Report(Guid.CreateVersion7(), Failed()));
        var canceling = (await AcceptAsync()).Id;
        await AppendAsync(canceling, Report(Guid.CreateVersion7(), Started()));
        await AppendAsync(canceling, new CancelRequest("owner"));
        var done = (await AcceptAsync()).Id;
        await AppendAsync(done, Report(Guid.CreateVersion7(), Succeeded()));
        // What was taken by somebody who is gone becomes due; the next attempt of what failed does not, for it is not its time.
        await ExecuteAsync($"update outbox set due_at = case when request_id = '{waits}' then now() + interval '1 hour' else now() end where type <> 'timer'");
        await using var cluster = new PostgresServer();
        var restored = await RestoreAsync(ConnectionString, cluster);

        // Two replicas, as always.
        var broker = new TakingBroker();
        await using var a = await LiveReplica.StartAsync(restored, transport: broker);
        await using var b = await LiveReplica.StartAsync(restored, transport: broker);
        await using var database = PostgresLogSetup.Connect(restored);
        await Eventually.HoldsAsync(async () => await CountAsync(database, "outbox where type <> 'timer'") == 1);

        broker.Work.Select(work => (work.RequestId, work.Attempt)).ShouldBe([(unsent, 1), (running, 1)], ignoreOrder: true);
        broker.Control.ShouldHaveSingleItem().RequestId.ShouldBe(canceling);

        // The broker may still have the first copies, and the worker from before may still be there.
        foreach (var work in broker.Work.Concat(broker.Work))
            await WorkAsync(work, a, b);
        await OnAsync(a, Report(run, Succeeded("""{"text":"from before"}""")), running);
        await OnAsync(b, Report(Guid.CreateVersion7(), Canceled()), canceling);

        foreach (var id in (Guid[])[unsent, running, canceling, done])
            await ShouldHaveEndedOnceAsync(a.Services.GetRequiredService<IRequestLog>(), id);
        (await CountAsync(database, "outbox where type <> 'timer'")).ShouldBe(1, "the attempt that waits for its time");
    }

    /// <summary>As a backend works on a message: each delivery is a run of its own.</summary>
    private static async Task WorkAsync(Message work, WebReplica a, WebReplica b)
    {
        var run = Guid.CreateVersion7();
        await OnAsync(a, Report(run, Started(), work.Attempt, work.Hop), work.RequestId);
        await OnAsync(b, Report(run, Succeeded(), work.Attempt, work.Hop), work.RequestId);
    }

    private static async Task OnAsync(WebReplica replica, RequestCommand command, Guid id) =>
        await replica.Services.GetRequiredService<LogAppender>().AppendAsync(id, command, Cancellation);

    private static async Task ShouldHaveEndedOnceAsync(IRequestLog log, Guid id)
    {
        var stream = await log.ReadStreamAsync(id, 0, 100, Cancellation);
        stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, stream.Count));
        stream.Count(e => e.Event is RequestSucceeded or RequestCanceled or RequestFailed).ShouldBe(1);
        var state = (await log.LoadAsync([id], Cancellation)).ById[id];
        state.Done.ShouldBeTrue();
        Rows.WriteState(RequestState.Replay(stream)!).ShouldBe(Rows.WriteState(state));
    }

    private static async Task<string> RestoreAsync(string database, PostgresServer cluster)
    {
        using var backup = await PostgresBackup.TakeAsync(database);
        var restored = await cluster.CreateEmptyDatabaseAsync(Cancellation);
        await backup.RestoreAsync(restored);
        return restored;
    }

    private static async Task<List<LoggedEvent>> ReadAllAsync(IServiceProvider services, LogPosition after)
    {
        var events = new List<LoggedEvent>();
        await foreach (var e in services.GetRequiredService<IWholeLog>().ReadAllAsync(after, Cancellation))
            events.Add(e);
        return events;
    }

    /// <summary>JSON elements compare by reference; their text is what matters.</summary>
    private static string Text(LoggedEvent e) =>
        $"{e.Position} {e.Stored.RequestId} {e.Stored.Version} {e.Stored.At:O} {EventNames.StoredNameOf(e.Stored.Event)} {EventNames.Write(e.Stored.Event)}";

    private static async Task<long> CountAsync(LogDatabase database, string table) =>
        (long)(await database.CreateCommand($"select count(*) from {table}").ExecuteScalarAsync(Cancellation))!;
}
