using System.Runtime.CompilerServices;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log.Marten;

/// <summary>The statements of <c>docs/stacks.md</c>, as they stand there.</summary>
public sealed class MoveTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    [Fact]
    public async Task A_log_goes_to_Marten_and_back_with_every_stream_snapshot_and_dispatch()
    {
        var waiting = (await Log.SubmitAsync([Submit() with { Payload = Json("""{"b":1e5,"a":1.10}""") }], Cancellation))[0].State!.Id;
        var run = Guid.CreateVersion7();
        var succeeded = (await AcceptAsync()).Id;
        await AppendAsync(succeeded, Report(run, Started()));
        await AppendAsync(succeeded, Report(run, Succeeded("""{"text":1e7}""")));
        var retried = (await AcceptAsync()).Id;
        await AppendAsync(retried, Report(Guid.CreateVersion7(), Failed()));
        Guid[] ids = [waiting, succeeded, retried];
        var before = await ReadAsync(Log, ids);
        await using var services = OnMarten.Instance.AddTo(new ServiceCollection().AddLogging(), ConnectionString).BuildServiceProvider();
        await OnMarten.Instance.PrepareAsync(services, Cancellation);
        var marten = services.GetRequiredService<IRequestLog>();

        await ExecuteAsync(await StatementsAsync("to-marten"));

        (await ReadAsync(marten, ids)).ShouldBe(before);
        (await Log.LoadAsync(ids, Cancellation)).ById.ShouldBeEmpty();
        await services.GetRequiredService<LogDatabase>().CreateCommand("update outbox set due_at = now()").ExecuteNonQueryAsync(Cancellation);
        var due = await marten.ClaimDueAsync(10, TimeSpan.FromMinutes(1), Cancellation);
        due.Select(outgoing => outgoing.RequestId).Order().ShouldBe(new[] { waiting, retried }.Order());
        due.Single(outgoing => outgoing.RequestId == waiting).Body.ShouldBe("""{"payload":{"b":1e5,"a":1.10}}""");
        await AppendAsync(marten, retried, new CancelRequest("owner"));
        before = await ReadAsync(marten, ids);

        await ExecuteAsync(await StatementsAsync("from-marten"));

        (await ReadAsync(Log, ids)).ShouldBe(before);
        await AppendAsync(waiting, new CancelRequest("owner"));
    }

    private static async Task<string[]> ReadAsync(IRequestLog log, Guid[] ids)
    {
        var states = (await log.LoadAsync(ids, Cancellation)).ById;
        var read = new List<string>();
        foreach (var id in ids)
        {
            read.Add($"{Rows.WriteState(states[id])} {states[id].Status} {states[id].Version} {states[id].UpdatedAt:O} {states[id].Result}");
            var stream = await log.ReadStreamAsync(id, 0, 100, Cancellation);
            read.AddRange(stream.Select(stored => $"{stored.Version} {stored.At:O} {EventNames.StoredNameOf(stored.Event)} {EventNames.Write(stored.Event)}"));
        }

        return [.. read];
    }

    private static async Task<string> StatementsAsync(string name, [CallerFilePath] string here = "")
    {
        var page = await File.ReadAllTextAsync(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/stacks.md")), Cancellation);
        return page.Split($"```sql {name}\n")[1].Split("```")[0];
    }
}
