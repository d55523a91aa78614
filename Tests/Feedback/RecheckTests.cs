using System.Diagnostics;
using System.Diagnostics.Metrics;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Feedback;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Feedback;

/// <summary>Announcements that never came, on an instance that compares often.</summary>
public sealed class RecheckTests : IAsyncLifetime
{
    private readonly MemoryLog _log = new();
    private readonly Guid _owner = Guid.NewGuid();
    private FeedbackInstance _web = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _web = await FeedbackInstance.StartAsync(_log, configure: options =>
    {
        options["Feedback:Recheck"] = "00:00:00.100";
        options["Feedback:RecheckWhileAway"] = "00:00:00.100";
    });

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Fact]
    public async Task Every_channel_finds_what_nobody_announced()
    {
        var id = _log.Accept(_owner).State.Id;
        await using var hub = await _web.HubOf(_owner);
        await hub.InvokeAsync("Sync", new { known = new Dictionary<Guid, int> { [id] = 1 } }, Cancel);
        using var client = _web.ClientOf(_owner);
        using var events = await SseClient.OpenAsync(client, $"/requests/{id}/events?after=1");
        using var mine = await SseClient.OpenAsync(client, "/me/events");
        await mine.ReadIdAsync();
        var waiting = _web.Feed.WaitAsync(_owner, id, after: 1, untilDone: true, TimeSpan.FromMinutes(1), Cancel);
        _log.Progress(id, 10);
        _log.Succeed(id);
        (await hub.Calls.ReadAsync(Cancel)).Argument.GetProperty("from").GetInt32().ShouldBe(1);
        (await events.TakeAsync(3)).Select(e => e.Version).ShouldBe([2, 3]);
        (await mine.NextAsync())!.Json.GetProperty("status").GetProperty("version").GetInt32().ShouldBeGreaterThan(1);
        await waiting;
    }

    [Fact]
    public async Task A_new_request_that_nobody_announced_is_found()
    {
        await using var hub = await _web.HubOf(_owner);
        await hub.InvokeAsync("Sync", new { }, Cancel);
        var id = _log.Accept(_owner).State.Id;
        var change = (await hub.Calls.ReadAsync(Cancel)).Argument;
        (change.GetProperty("id").GetGuid(), change.GetProperty("from").GetInt32()).ShouldBe((id, 0));
    }

    [Fact]
    public async Task What_was_announced_is_not_read_again()
    {
        var id = _log.Accept(_owner).State.Id;
        await using var hub = await _web.HubOf(_owner);
        await hub.InvokeAsync("Sync", new { known = new Dictionary<Guid, int> { [id] = 1 } }, Cancel);
        await _web.AnnounceAsync(_log.Progress(id, 10));
        await hub.Calls.ReadAsync(Cancel);
        var compared = _log.Calls.GetValueOrDefault(nameof(_log.ListAsync));
        await Eventually.HoldsAsync(() => _log.Calls.GetValueOrDefault(nameof(_log.ListAsync)) > compared + 3);
        _log.Calls.GetValueOrDefault(nameof(_log.ReadStreamsAsync)).ShouldBe(0);
    }

    [Fact]
    public async Task One_owner_whose_requests_cannot_be_read_does_not_keep_the_others_waiting()
    {
        var other = Guid.NewGuid();
        await using var hub = await _web.HubOf(_owner);
        await hub.InvokeAsync("Sync", new { }, Cancel);
        await using var others = await _web.HubOf(other);
        await others.InvokeAsync("Sync", new { }, Cancel);
        _log.UnavailableFor = other;
        _log.Accept(other);
        var mine = _log.Accept(_owner).State.Id;

        (await hub.Calls.ReadAsync(Cancel).AsTask().WaitAsync(Eventually.Deadline, Cancel)).Argument.GetProperty("id").GetGuid().ShouldBe(mine);
        _log.UnavailableFor = null;
        (await others.Calls.ReadAsync(Cancel).AsTask().WaitAsync(Eventually.Deadline, Cancel)).Target.ShouldBe("Changed");
    }

    [Fact]
    public async Task An_outage_of_the_log_is_survived()
    {
        await using var hub = await _web.HubOf(_owner);
        await hub.InvokeAsync("Sync", new { }, Cancel);
        _log.Unavailable = true;
        var asked = _log.Calls.GetValueOrDefault(nameof(_log.LoadAsync));
        await Eventually.HoldsAsync(() => _log.Calls.GetValueOrDefault(nameof(_log.LoadAsync)) > asked + 2);
        (await Should.ThrowAsync<InvalidOperationException>(hub.InvokeAsync("Sync", new { }, Cancel))).Message.ShouldContain("at the moment");
        _log.Unavailable = false;
        await hub.InvokeAsync("Sync", new { }, Cancel);
        _log.Accept(_owner);
        (await hub.Calls.ReadAsync(Cancel)).Target.ShouldBe("Changed");
    }

    [Fact]
    public async Task A_push_is_counted_and_continues_the_trace_of_the_request()
    {
        var pushed = new TaskCompletionSource<Activity>();
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == FeedbackMetrics.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("feedback.channel") is "sse-owner")
                    pushed.TrySetResult(activity);
            },
        };
        ActivitySource.AddActivityListener(activities);
        long pushes = 0;
        var meters = _web.Services.GetRequiredService<IMeterFactory>();
        using var counted = new MeterListener();
        counted.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "feedback.pushes" && ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        counted.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref pushes, count));
        counted.Start();

        using var client = _web.ClientOf(_owner);
        using var stream = await SseClient.OpenAsync(client, "/me/events");
        await stream.ReadIdAsync();
        var accepted = _log.Accept(_owner);
        await _web.AnnounceAsync(accepted);
        await stream.NextAsync();
        var push = await pushed.Task.WaitAsync(Eventually.Deadline, Cancel);
        push.OperationName.ShouldBe("push");
        push.ParentId.ShouldBe(accepted.State.TraceParent);
        Interlocked.Read(ref pushes).ShouldBe(1);
    }

    [Fact]
    public async Task Settings_out_of_range_stop_the_start() =>
        (await Should.ThrowAsync<OptionsValidationException>(FeedbackInstance.StartAsync(_log, configure: options => options["Feedback:Heartbeat"] = "00:00:00")))
            .Message.ShouldContain("Feedback");
}
