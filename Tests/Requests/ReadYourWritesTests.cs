using AspireFeedback.Tests.Feedback;
using AspireFeedback.Tests.Identity;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Requests;

/// <summary>
/// Whoever was told of a version, by whatever answer, push or event, reads no less anywhere. Two replicas on one log, each the writer in turn, so
/// that what one has told is read from the other at once.
/// </summary>
public sealed class ReadYourWritesTests(PostgresServer postgres, RedisServer redis) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private const int Rounds = 12;

    private Doors _a = null!;
    private Doors _b = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        var (a, b) = (await LiveReplica.StartAsync(database, redis.ConnectionString), await LiveReplica.StartAsync(database, redis.ConnectionString));
        using var browser = a.Browser();
        await browser.MeAsync();
        var token = (await browser.TokensAsync()).AccessToken;
        (_a, _b) = (new(a, token), new(b, token));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var doors in (Doors[])[_a, _b])
        {
            doors.Dispose();
            await doors.Web.DisposeAsync();
        }
    }

    [Fact]
    public Task After_a_202_the_other_replica_shows_it() => TakeTurnsAsync(async (here, there) =>
    {
        var id = Guid.CreateVersion7();
        var accepted = await Doors.ReadAsync(await here.Http.SubmitAsync(id));
        await Task.WhenAll(here.ShouldShowAsync(id, Doors.VersionOf(accepted)), there.ShouldShowAsync(id, Doors.VersionOf(accepted)));

        var canceling = await Doors.ReadAsync(await there.Http.DeleteAsync($"/requests/{id}", Cancellation));
        Doors.VersionOf(canceling).ShouldBe(2);
        await Task.WhenAll(here.ShouldShowAsync(id, 2), there.ShouldShowAsync(id, 2));
    });

    [Fact]
    public Task After_an_answer_that_the_same_request_stands_there_both_show_it() => TakeTurnsAsync(async (here, there) =>
    {
        var id = Guid.CreateVersion7();
        await Doors.ReadAsync(await here.Http.SubmitAsync(id));
        await here.ShouldShowAsync(id, 1);
        await StepAsync(here, id, 1);
        var replayed = await Doors.ReadAsync(await there.Http.SubmitAsync(id));
        Doors.VersionOf(replayed).ShouldBe(3);
        await here.ShouldShowAsync(id, 3);
        await there.ShouldShowAsync(id, 3);
    });

    [Fact]
    public async Task After_a_push_over_the_hub_both_show_it()
    {
        await using var hub = await _a.HubAsync();
        var id = await SubmitAsync();
        await hub.InvokeAsync("Sync", new { known = new Dictionary<Guid, int> { [id] = 1 } }, Cancellation);

        await FollowAsync(id, async () =>
        {
            using var deadline = new CancellationTokenSource(Eventually.Deadline);
            var change = (await hub.Calls.ReadAsync(deadline.Token)).Argument;
            change.GetProperty("id").GetGuid().ShouldBe(id);
            return Doors.VersionOf(change.GetProperty("events").EnumerateArray().Last());
        });
    }

    [Fact]
    public async Task After_an_event_of_a_stream_both_show_it()
    {
        var id = await SubmitAsync();
        using var stream = await SseClient.OpenAsync(_a.Http, $"/requests/{id}/events?after=1");
        await FollowAsync(id, async () => (await stream.NextAsync()).ShouldNotBeNull().Version);
    }

    [Fact]
    public async Task After_the_answer_of_a_long_poll_both_show_it()
    {
        var (id, version) = (await SubmitAsync(), 1);
        await FollowAsync(id, async () => version = await _a.LongPollAsync(id, version));
    }

    /// <summary>Each step is written by the other replica than the one before, and read as soon as it is told at A.</summary>
    private async Task FollowAsync(Guid id, Func<Task<int>> nextAtA)
    {
        var told = 1;
        for (var n = 1; n <= Rounds; n++)
        {
            // Not awaited: it is told while the writer is still at it.
            var writing = StepAsync(n % 2 == 0 ? _a : _b, id, n);
            while (told < n + 2) // accepted, and started with the first step
            {
                var version = await nextAtA();
                version.ShouldBeGreaterThan(told);
                told = version;
                await Task.WhenAll(_a.ShouldShowAsync(id, told), _b.ShouldShowAsync(id, told));
            }

            await writing;
        }
    }

    private async Task TakeTurnsAsync(Func<Doors, Doors, Task> round)
    {
        for (var n = 0; n < Rounds; n++)
            await (n % 2 == 0 ? round(_a, _b) : round(_b, _a));
    }

    private async Task<Guid> SubmitAsync()
    {
        var id = Guid.CreateVersion7();
        await Doors.ReadAsync(await _b.Http.SubmitAsync(id));
        return id;
    }

    /// <summary>A report as a backend sends it, taken by this replica.</summary>
    private static async Task StepAsync(Doors at, Guid id, int sequence) => await at.Web.Services.GetRequiredService<LogAppender>()
        .AppendAsync(id, Report(new(1, 2, 3, new byte[8]), new() { Progress = new(sequence, sequence) }), Cancellation);
}
