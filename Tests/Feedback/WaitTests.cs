using System.Diagnostics;
using AspireFeedback.Web.Feedback;

namespace AspireFeedback.Tests.Feedback;

/// <summary>Waiting for one request, as <c>Prefer: wait</c> does.</summary>
public sealed class WaitTests : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly MemoryLog log = new();
    private readonly Guid owner = Guid.NewGuid();
    private FeedbackInstance web = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => web = await FeedbackInstance.StartAsync(log);

    public ValueTask DisposeAsync() => web.DisposeAsync();

    [Fact]
    public async Task What_is_past_already_is_not_waited_for()
    {
        var id = log.Accept(owner).State.Id;
        log.Progress(id, 10);
        await Quickly(web.Feed.WaitAsync(owner, id, after: 1, untilDone: false, Long, Cancel));
        log.Succeed(id);
        await Quickly(web.Feed.WaitAsync(owner, id, after: 3, untilDone: true, Long, Cancel));
        await Quickly(web.Feed.WaitAsync(owner, id, after: 3, untilDone: false, Long, Cancel));
    }

    [Fact]
    public async Task A_change_ends_the_waiting_for_a_change()
    {
        var id = log.Accept(owner).State.Id;
        var waiting = web.Feed.WaitAsync(owner, id, after: 1, untilDone: false, Long, Cancel);
        await Eventually.HoldsAsync(() => log.Calls.GetValueOrDefault(nameof(log.LoadAsync)) == 1, "the log was checked");
        waiting.IsCompleted.ShouldBeFalse();
        await web.AnnounceAsync(log.Progress(id, 10));
        await Quickly(waiting);
        log.Calls[nameof(log.LoadAsync)].ShouldBe(1);
    }

    [Fact]
    public async Task Only_the_end_ends_the_waiting_for_the_end()
    {
        var id = log.Accept(owner).State.Id;
        var waiting = web.Feed.WaitAsync(owner, id, after: 1, untilDone: true, Long, Cancel);
        await Eventually.HoldsAsync(() => log.Calls.GetValueOrDefault(nameof(log.LoadAsync)) == 1, "the log was checked");
        await web.AnnounceAsync(log.Progress(id, 10));
        waiting.IsCompleted.ShouldBeFalse();
        await web.AnnounceAsync(log.Succeed(id));
        await Quickly(waiting);
    }

    [Fact]
    public async Task A_version_told_again_makes_it_ask_the_log()
    {
        var id = log.Accept(owner).State.Id;
        var waiting = web.Feed.WaitAsync(owner, id, after: 1, untilDone: true, Long, Cancel);
        await Eventually.HoldsAsync(() => log.Calls.GetValueOrDefault(nameof(log.LoadAsync)) == 1, "the log was checked");
        log.Succeed(id);
        web.Channels.Deliver(Change.Told(owner, id, 2));
        await Quickly(waiting);
    }

    [Fact]
    public async Task It_ends_when_the_time_is_up_and_when_the_instance_stops()
    {
        var id = log.Accept(owner).State.Id;
        await Quickly(web.Feed.WaitAsync(owner, id, after: 1, untilDone: true, TimeSpan.FromMilliseconds(50), Cancel));
        var waiting = web.Feed.WaitAsync(owner, id, after: 1, untilDone: true, Long, Cancel);
        await web.StopAsync();
        await Quickly(waiting);
    }

    [Fact]
    public async Task Foreign_and_unknown_requests_are_not_waited_for()
    {
        await Quickly(web.Feed.WaitAsync(owner, log.Accept(Guid.NewGuid()).State.Id, after: 1, untilDone: true, Long, Cancel));
        await Quickly(web.Feed.WaitAsync(owner, Guid.NewGuid(), after: 1, untilDone: true, Long, Cancel));
    }

    [Fact]
    public async Task A_caller_that_leaves_is_told_so_and_leaves_nothing_behind()
    {
        var id = log.Accept(owner).State.Id;
        using var left = new CancellationTokenSource();
        var waiting = web.Feed.WaitAsync(owner, id, after: 1, untilDone: true, Long, left.Token);
        await left.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        web.Channels.All.ShouldAllBe(channel => channel.Listeners().ByRequest.Count == 0);
    }

    private static async Task Quickly(Task waiting)
    {
        var watch = Stopwatch.StartNew();
        await waiting.WaitAsync(Long, Cancel);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }
}
