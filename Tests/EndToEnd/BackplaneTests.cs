using System.Net;
using AspireFeedback.LocalAspire.Testing;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.EndToEnd;

[Collection(SystemTests.Name)]
public sealed class BackplaneTests(RunningSystem system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whichever_replica_takes_the_reports_a_connection_to_either_sees_every_step_in_order()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        await using var first = await WatchAsync(person, 0);
        await using var second = await WatchAsync(person, 1);

        // Enough requests that each of two replicas takes reports of some.
        await ShouldSeeAllAsync(person, count: 20, first, second);
    }

    [Fact]
    public async Task While_Redis_is_away_and_when_it_is_back_nothing_is_missed()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        await using var first = await WatchAsync(person, 0);
        await using var second = await WatchAsync(person, 1);
        var redis = system.App.Server("redis");
        await redis.KillAsync(Cancellation);
        try
        {
            await ShouldSeeAllAsync(person, count: 5, first, second);
        }
        finally
        {
            await redis.StartAsync(Cancellation);
        }

        await ShouldSeeAllAsync(person, count: 5, first, second);
    }

    [Fact]
    public async Task A_stranger_is_pushed_nothing()
    {
        using var owner = await system.NewPersonAsync(Cancellation);
        using var stranger = await system.NewPersonAsync(Cancellation);
        await using var own = await WatchAsync(owner, 0);
        await using var other = await WatchAsync(stranger, 0);

        await ShouldSeeAllAsync(owner, count: 2, own);
        await ShouldSeeAllAsync(stranger, count: 2, other);

        other.Requests.ShouldBe(2);
        own.Requests.ShouldBe(2);
    }

    private static async Task ShouldSeeAllAsync(Person person, int count, params Watcher[] watchers)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var id in ids)
            (await person.SubmitAsync(id, "echo", new { text = "seen", delayMs = 300, steps = 2 }, Cancellation)).Status.ShouldBe(HttpStatusCode.Accepted);
        foreach (var id in ids)
        {
            foreach (var watcher in watchers)
            {
                var pushed = await watcher.UntilDoneAsync(id, Cancellation);
                pushed.ShouldBe((await person.EventsAsync(id, Cancellation)).Select(e => e.GetProperty("type").GetString()!));
            }
        }
    }

    private Task<Watcher> WatchAsync(Person person, int replica) => Watcher.ConnectAsync(person, system.App.Replicas("web")[replica].Url, Cancellation);
}
