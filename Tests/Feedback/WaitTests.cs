using System.Diagnostics;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Feedback;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Feedback;

/// <summary>Waiting for one request, as <c>Prefer: wait</c> does.</summary>
public sealed class WaitTests : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly MemoryLog _log = new();
    private readonly Guid _owner = Guid.NewGuid();
    private FeedbackInstance _web = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _web = await FeedbackInstance.StartAsync(_log);

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Fact]
    public async Task What_is_past_already_is_not_waited_for()
    {
        var id = _log.Accept(_owner).State.Id;
        _log.Progress(id, 10);
        await Quickly(_web.Feed.WaitAsync(_owner, id, after: 1, untilDone: false, Long, Cancel));
        _log.Succeed(id);
        await Quickly(_web.Feed.WaitAsync(_owner, id, after: 3, untilDone: true, Long, Cancel));
        await Quickly(_web.Feed.WaitAsync(_owner, id, after: 3, untilDone: false, Long, Cancel));
    }

    [Fact]
    public async Task A_change_ends_the_waiting_for_a_change()
    {
        var id = _log.Accept(_owner).State.Id;
        var waiting = _web.Feed.WaitAsync(_owner, id, after: 1, untilDone: false, Long, Cancel);
        await Eventually.HoldsAsync(() => _log.Calls.GetValueOrDefault(nameof(_log.LoadAsync)) == 1, "the log was checked");
        waiting.IsCompleted.ShouldBeFalse();
        await _web.AnnounceAsync(_log.Progress(id, 10));
        await Quickly(waiting);
        _log.Calls[nameof(_log.LoadAsync)].ShouldBe(1);
    }

    [Fact]
    public async Task Only_the_end_ends_the_waiting_for_the_end()
    {
        var id = _log.Accept(_owner).State.Id;
        var waiting = _web.Feed.WaitAsync(_owner, id, after: 1, untilDone: true, Long, Cancel);
        await Eventually.HoldsAsync(() => _log.Calls.GetValueOrDefault(nameof(_log.LoadAsync)) == 1, "the log was checked");
        await _web.AnnounceAsync(_log.Progress(id, 10));
        waiting.IsCompleted.ShouldBeFalse();
        await _web.AnnounceAsync(_log.Succeed(id));
        await Quickly(waiting);
    }

    [Fact]
    public async Task A_version_told_again_makes_it_ask_the_log()
    {
        var id = _log.Accept(_owner).State.Id;
        var waiting = _web.Feed.WaitAsync(_owner, id, after: 1, untilDone: true, Long, Cancel);
        await Eventually.HoldsAsync(() => _log.Calls.GetValueOrDefault(nameof(_log.LoadAsync)) == 1, "the log was checked");
        _log.Succeed(id);
        _web.Channels.Deliver(Change.Told(_owner, id, 2));
        await Quickly(waiting);
    }

    [Fact]
    public async Task It_ends_when_the_time_is_up_and_when_the_instance_stops()
    {
        var id = _log.Accept(_owner).State.Id;
        await Quickly(_web.Feed.WaitAsync(_owner, id, after: 1, untilDone: true, TimeSpan.FromMilliseconds(50), Cancel));
        var waiting = _web.Feed.WaitAsync(_owner, id, after: 1, untilDone: true, Long, Cancel);
        await _web.StopAsync();
        await Quickly(waiting);
    }

    [Fact]
    public async Task Foreign_and_unknown_requests_are_not_waited_for()
    {
        await Quickly(_web.Feed.WaitAsync(_owner, _log.Accept(Guid.NewGuid()).State.Id, after: 1, untilDone: true, Long, Cancel));
        await Quickly(_web.Feed.WaitAsync(_owner, Guid.NewGuid(), after: 1, untilDone: true, Long, Cancel));
    }

    [Fact]
    public async Task A_caller_that_leaves_is_told_so_and_leaves_nothing_behind()
    {
        var id = _log.Accept(_owner).State.Id;
        using var left = new CancellationTokenSource();
        var waiting = _web.Feed.WaitAsync(_owner, id, after: 1, untilDone: true, Long, left.Token);
        await left.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        _web.Channels.All.ShouldAllBe(channel => channel.Listeners().ByRequest.Count == 0);
    }

    private static async Task Quickly(Task waiting)
    {
        var watch = Stopwatch.StartNew();
        await waiting.WaitAsync(Long, Cancel);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }
}
