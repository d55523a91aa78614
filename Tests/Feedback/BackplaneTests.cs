using System.Collections.Concurrent;
using System.Diagnostics;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Feedback;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace AspireFeedback.Tests.Feedback;

/// <summary>Two instances that share a real Redis: the client is on A, the report is taken by B.</summary>
public sealed class BackplaneTests(RedisServer redis) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private readonly MemoryLog _log = new();
    private readonly Guid _owner = Guid.NewGuid();
    private FeedbackInstance _a = null!;
    private FeedbackInstance _b = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _a = await StartAsync("feedback");
        _b = await StartAsync("feedback");
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task What_B_announces_reaches_the_hub_and_the_streams_of_A()
    {
        var id = _log.Accept(_owner).State.Id;
        await using var hub = await _a.HubOf(_owner);
        await hub.InvokeAsync("Sync", new { known = new Dictionary<Guid, int> { [id] = 1 } }, Cancel);
        using var client = _a.ClientOf(_owner);
        using var events = await SseClient.OpenAsync(client, $"/requests/{id}/events?after=1");
        var waiting = _a.Feed.WaitAsync(_owner, id, after: 1, untilDone: true, TimeSpan.FromMinutes(1), Cancel);
        await Eventually.HoldsAsync(() => _a.Channels.All.Sum(channel => channel.Listeners().ByRequest.Count) == 2, "both listen");
        await _b.AnnounceAsync(_log.Progress(id, 10));
        await _b.AnnounceAsync(_log.Succeed(id));
        (await VersionAsync(hub), await VersionAsync(hub)).ShouldBe((2, 3));
        (await events.TakeAsync(3)).Select(e => e.Version).ShouldBe([2, 3]);
        await waiting;
    }

    [Fact]
    public async Task Two_systems_on_one_Redis_do_not_hear_each_other()
    {
        await using var other = await StartAsync("another");
        await using var hub = await _a.HubOf(_owner);
        await hub.InvokeAsync("Sync", new { }, Cancel);
        var foreign = new MemoryLog().Accept(_owner);
        await other.AnnounceAsync(foreign);
        var mine = _log.Accept(_owner);
        await _b.AnnounceAsync(mine);
        (await NextAsync(hub)).Argument.GetProperty("id").GetGuid().ShouldBe(mine.State.Id);
    }

    [Fact]
    public async Task A_channel_is_released_after_the_last_connection_has_left_and_subscribed_again()
    {
        await using (var hub = await _a.HubOf(_owner))
            await hub.InvokeAsync("Sync", new { }, Cancel);
        await Eventually.HoldsAsync(() => !_a.Channels.Has(_owner), "the channel is released");
        await using var again = await _a.HubOf(_owner);
        await again.InvokeAsync("Sync", new { }, Cancel);
        await _b.AnnounceAsync(_log.Accept(_owner));
        (await VersionAsync(again)).ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_missed_while_Redis_is_away_and_pushes_go_on_when_it_is_back()
    {
        var id = _log.Accept(_owner).State.Id;
        await using var hub = await _a.HubOf(_owner);
        await hub.InvokeAsync("Sync", new { known = new Dictionary<Guid, int> { [id] = 1 } }, Cancel);
        using var client = _a.ClientOf(_owner);
        using var events = await SseClient.OpenAsync(client, $"/requests/{id}/events?after=1");

        await redis.KillAsync();
        await Eventually.HoldsAsync(() => !_a.Backplane.Present && !_b.Backplane.Present, "both notice");
        await _b.AnnounceAsync(_log.Progress(id, 10));
        (await VersionAsync(hub)).ShouldBe(2); // found by comparing with the log
        var late = _log.Accept(_owner);
        await _b.AnnounceAsync(late);
        (await NextAsync(hub)).Argument.GetProperty("id").GetGuid().ShouldBe(late.State.Id);
        await using var newcomer = await _a.HubOf(_owner);
        await newcomer.InvokeAsync("Sync", new { known = new Dictionary<Guid, int> { [id] = 2 } }, Cancel);

        await redis.StartAsync();
        await Eventually.HoldsAsync(() => _a.Backplane.Present && _b.Backplane.Present, "both are back");
        await Eventually.HoldsAsync(() => _a.Backplane.Returns == 2, "compared again");
        await _b.AnnounceAsync(_log.Progress(id, 20));
        await _b.AnnounceAsync(_log.Succeed(id));
        (await VersionAsync(hub), await VersionAsync(hub)).ShouldBe((3, 4));
        (await VersionAsync(newcomer), await VersionAsync(newcomer)).ShouldBe((3, 4));
        (await events.TakeAsync(4)).Select(e => e.Version).ShouldBe([2, 3, 4]);
    }

    [Fact]
    public async Task An_instance_starts_while_Redis_is_down_and_joins_when_it_is_there()
    {
        await redis.KillAsync();
        await using var late = await StartAsync("feedback", waitForRedis: false);
        await using var hub = await late.HubOf(_owner);
        await hub.InvokeAsync("Sync", new { }, Cancel);
        await late.AnnounceAsync(_log.Accept(_owner));
        (await VersionAsync(hub)).ShouldBe(1); // its own connections need no Redis
        await redis.StartAsync();
        await Eventually.HoldsAsync(() => late.Backplane.Present && _b.Backplane.Present, "both are there");
        await _b.AnnounceAsync(_log.Accept(_owner));
        (await VersionAsync(hub)).ShouldBe(1);
    }

    [Fact]
    public async Task A_Redis_that_hangs_holds_nobody_up()
    {
        await using var hub = await _b.HubOf(_owner);
        await hub.InvokeAsync("Sync", new { }, Cancel);
        await redis.HangAsync();
        try
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 20; i++)
                await _b.AnnounceAsync(_log.Accept(_owner));
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
            for (var i = 0; i < 20; i++)
                (await VersionAsync(hub)).ShouldBe(1);
        }
        finally
        {
            await redis.GoOnAsync();
        }
        await Eventually.HoldsAsync(() => _a.Backplane.Present && _b.Backplane.Present, "both are back");
    }

    [Fact]
    public async Task What_could_not_be_published_is_told_when_Redis_is_back()
    {
        await using var here = await JoinAsync();
        await using var there = await JoinAsync();
        var told = new ConcurrentQueue<(Guid, int, bool)>();
        here.Received = change => told.Enqueue((change.Id, change.Version, change.HasEvents));
        await here.SubscribeAsync(_owner);
        await redis.KillAsync();
        await Eventually.HoldsAsync(() => !here.Present && !there.Present, "both notice");
        var first = _log.Accept(_owner);
        await there.PublishAsync([Changes.Of(first)], Cancel);
        await there.PublishAsync([Changes.Of(_log.Progress(first.State.Id, 10))], Cancel);
        await redis.StartAsync();
        await Eventually.HoldsAsync(() => here.ProbeAsync(Cancel), "one is back and listens");
        await Eventually.HoldsAsync(() => there.ProbeAsync(Cancel), "the other is back");
        await Eventually.HoldsAsync(() => !told.IsEmpty, "told");
        await there.PublishAsync([Changes.Of(_log.Progress(first.State.Id, 20))], Cancel);
        await Eventually.HoldsAsync(() => told.Count == 2, "live again");
        told.ShouldBe([(first.State.Id, 2, false), (first.State.Id, 3, true)]);
    }

    [Fact]
    public async Task A_short_break_between_two_probes_is_noticed()
    {
        await using var hub = await _a.HubOf(_owner);
        await hub.InvokeAsync("Sync", new { }, Cancel);
        var before = _a.Backplane.Returns;
        await redis.KillAsync();
        await redis.StartAsync();
        await Eventually.HoldsAsync(() => _a.Backplane.Returns > before && _b.Backplane.Present, "it came back");
        await _b.AnnounceAsync(_log.Accept(_owner));
        (await VersionAsync(hub)).ShouldBe(1);
    }

    private async Task<FeedbackInstance> StartAsync(string name, bool waitForRedis = true)
    {
        var instance = await FeedbackInstance.StartAsync(_log, redis.ConnectionString, options =>
        {
            options["Feedback:Namespace"] = name;
            options["Feedback:ReleaseAfter"] = "00:00:01";
            options["Feedback:Recheck"] = "00:10:00"; // so that only the backplane, or its return, can have told
            options["Feedback:RecheckWhileAway"] = "00:00:00.200";
        });
        if (waitForRedis)
            await Eventually.HoldsAsync(() => instance.Backplane.Present, "the backplane is there");
        return instance;
    }

    /// <summary>A backplane without an instance around it.</summary>
    private async Task<RedisBackplane> JoinAsync()
    {
        var options = ConfigurationOptions.Parse(redis.ConnectionString);
        RedisBackplane.Configure(options);
        var backplane = ActivatorUtilities.CreateInstance<RedisBackplane>(
            _a.Services, (Func<IConnectionMultiplexer>)(() => ConnectionMultiplexer.Connect(options)));
        await Eventually.HoldsAsync(() => backplane.ProbeAsync(Cancel), "it joins");
        return backplane;
    }

    private static async Task<HubCall> NextAsync(HubClient hub)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(Eventually.Deadline);
        return await hub.Calls.ReadAsync(deadline.Token);
    }

    private static async Task<int> VersionAsync(HubClient hub) => (await NextAsync(hub)).Argument.GetProperty("status").GetProperty("version").GetInt32();
}
