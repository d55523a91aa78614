using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Log.Whole;

public class ProjectionTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    private KindsPerDay Projection => new(Database, Services.GetRequiredService<IWholeLog>());

    [Fact]
    public async Task It_goes_on_where_it_stopped_and_counts_each_event_once()
    {
        await ExecuteAsync(KindsPerDay.Schema);
        await AcceptManyAsync("echo", 5);
        (await Projection.RunOnceAsync(3, Cancellation)).ShouldBe(3);
        await AcceptManyAsync("csv-profile", 4);
        while (await Projection.RunOnceAsync(3, Cancellation) > 0)
        {
        }

        (await CountsAsync()).ShouldBe([("csv-profile", 4), ("echo", 5)]);
        (await Projection.RunOnceAsync(3, Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task Replicas_that_run_it_at_once_while_requests_come_count_each_event_once()
    {
        await ExecuteAsync(KindsPerDay.Schema);
        using var written = new CancellationTokenSource();
        var replicas = Enumerable.Range(0, 3).Select(_ => RunUntilAsync(written.Token)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => AcceptManyAsync(n % 2 == 0 ? "echo" : "csv-profile", 40)));
        await written.CancelAsync();
        await Task.WhenAll(replicas);

        (await CountsAsync()).ShouldBe([("csv-profile", 160), ("echo", 160)]);
    }

    [Fact]
    public async Task What_fails_half_way_counts_nothing()
    {
        await ExecuteAsync(KindsPerDay.Schema);
        await AcceptManyAsync("echo", 2);
        await ExecuteAsync("alter table kinds_per_day add constraint full_up check (accepted < 2)");
        await Should.ThrowAsync<Npgsql.PostgresException>(Projection.RunOnceAsync(10, Cancellation));
        await ExecuteAsync("alter table kinds_per_day drop constraint full_up");

        (await Projection.RunOnceAsync(10, Cancellation)).ShouldBe(2);
        (await CountsAsync()).ShouldBe([("echo", 2)]);
    }

    private async Task RunUntilAsync(CancellationToken written)
    {
        for (var last = false; ;)
        {
            var counted = await Projection.RunOnceAsync(5, Cancellation);
            if (counted == 0 && last)
                return;
            last = written.IsCancellationRequested;
        }
    }

    private async Task AcceptManyAsync(string kind, int count)
    {
        for (var n = 0; n < count; n++)
            await Log.SubmitAsync([Submit() with { Kind = kind }], Cancellation);
    }

    private async Task<List<(string Kind, long Accepted)>> CountsAsync()
    {
        var counts = new List<(string, long)>();
        await using var command = Database.CreateCommand("select kind, sum(accepted)::bigint from kinds_per_day group by kind order by kind");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
            counts.Add((reader.GetString(0), reader.GetInt64(1)));
        return counts;
    }
}
