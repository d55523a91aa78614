using System.Net.WebSockets;
using System.Text.Json;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Feedback;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Feedback;

/// <summary>The hub on one instance, over a raw WebSocket without negotiation.</summary>
public sealed class HubTests : IAsyncLifetime
{
    private readonly MemoryLog _log = new();
    private readonly Guid _owner = Guid.NewGuid();
    private FeedbackInstance _web = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _web = await FeedbackInstance.StartAsync(_log, configure: options => options["Feedback:QueuedChanges"] = "8");

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Fact]
    public async Task A_sync_tells_what_was_missed_and_pushes_follow()
    {
        var known = _log.Accept(_owner).State.Id;
        _log.Progress(known, 10);
        var other = _log.Accept(_owner).State.Id;
        await using var hub = await _web.HubOf(_owner);
        var answer = await SyncAsync(hub, known: new() { [known] = 1 });
        var change = answer.GetProperty("changes").EnumerateArray().ShouldHaveSingleItem();
        (change.GetProperty("id").GetGuid(), change.GetProperty("from").GetInt32(), change.GetProperty("events")[0].GetProperty("version").GetInt32()).ShouldBe((known, 1, 2));
        answer.GetProperty("requests").EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetGuid().ShouldBe(other);
        await _web.AnnounceAsync(_log.Progress(known, 20), _log.Progress(other, 5));
        (await NextAsync(hub)).ShouldBe((known, 2, 3));
        (await NextAsync(hub)).ShouldBe((other, 1, 2));
    }

    [Fact]
    public async Task Since_a_cursor_only_newer_requests_are_told()
    {
        await using var hub = await _web.HubOf(_owner);
        _log.AcceptAt(_owner, DateTimeOffset.UtcNow.AddMinutes(-10));
        var fresh = _log.Accept(_owner).State.Id;
        var since = OwnerCursor.Of(DateTimeOffset.UtcNow.AddMinutes(-5));
        var answer = await SyncAsync(hub, since);
        answer.GetProperty("requests").EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetGuid().ShouldBe(fresh);
        OwnerCursor.TryRead(answer.GetProperty("cursor").GetString(), out var cursor).ShouldBeTrue();
        cursor.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Known_ids_of_others_are_ignored()
    {
        var foreign = _log.Accept(Guid.NewGuid()).State.Id;
        _log.Progress(foreign, 10);
        await using var hub = await _web.HubOf(_owner);
        var answer = await SyncAsync(hub, known: new() { [foreign] = 1, [Guid.NewGuid()] = 3 });
        answer.GetProperty("changes").GetArrayLength().ShouldBe(0);
        var mine = _log.Accept(_owner);
        await _web.AnnounceAsync(_log.Progress(foreign, 20), mine);
        (await NextAsync(hub)).ShouldBe((mine.State.Id, 0, 1));
    }

    [Fact]
    public async Task More_changes_than_fit_into_an_answer_are_pushed_after_it()
    {
        var known = new Dictionary<Guid, int>();
        for (var i = 0; i < 250; i++)
        {
            var id = _log.Accept(_owner).State.Id;
            _log.Progress(id, 10);
            known[id] = 1;
        }
        await using var hub = await _web.HubOf(_owner);
        var answer = await SyncAsync(hub, known: known);
        hub.CallsBeforeAnswer.ShouldBe(0);
        var told = answer.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("id").GetGuid()).ToHashSet();
        while (told.Count < known.Count)
        {
            var (id, from, version) = await NextAsync(hub);
            (from, version).ShouldBe((1, 2));
            told.Add(id).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task The_most_known_requests_fit_into_a_message_and_one_more_is_refused()
    {
        var known = Enumerable.Range(0, SyncRequest.MostKnown).ToDictionary(_ => Guid.NewGuid(), _ => int.MaxValue);
        await using var hub = await _web.HubOf(_owner);
        await SyncAsync(hub, known: known);
        known.Add(Guid.NewGuid(), 1);
        (await Should.ThrowAsync<InvalidOperationException>(SyncAsync(hub, known: known))).Message.ShouldContain("1000");
    }

    [Fact]
    public async Task A_bad_cursor_is_refused()
    {
        await using var hub = await _web.HubOf(_owner);
        (await Should.ThrowAsync<InvalidOperationException>(SyncAsync(hub, since: "yesterday"))).Message.ShouldContain("since");
    }

    [Fact]
    public async Task Without_an_owner_there_is_no_connection()
    {
        var refused = HubClient.ConnectAsync(new UriBuilder(_web.Address) { Scheme = "ws", Path = "/feedback" }.Uri, null, Cancel);
        (await Should.ThrowAsync<WebSocketException>(refused)).Message.ShouldContain("401");
    }

    [Fact]
    public async Task Syncing_again_starts_afresh_without_doubling_the_pushes()
    {
        var id = _log.Accept(_owner).State.Id;
        await using var hub = await _web.HubOf(_owner);
        await SyncAsync(hub);
        await SyncAsync(hub, known: new() { [id] = 1 });
        await _web.AnnounceAsync(_log.Progress(id, 10));
        await _web.AnnounceAsync(_log.Progress(id, 20));
        (await NextAsync(hub)).ShouldBe((id, 1, 2));
        (await NextAsync(hub)).ShouldBe((id, 2, 3));
        _web.Channels.All.Sum(channel => channel.Listeners().Wide.Count).ShouldBe(1);
    }

    [Fact]
    public async Task A_client_that_leaves_leaves_nothing_behind()
    {
        await using (var hub = await _web.HubOf(_owner))
            await SyncAsync(hub);
        await Eventually.HoldsAsync(() => _web.Channels.All.All(channel => channel.Listeners().Wide.Count == 0), "the subscription is gone");
    }

    [Fact]
    public async Task A_slow_reader_gets_everything_in_order_once_it_reads()
    {
        var id = _log.Accept(_owner).State.Id;
        await using var hub = await _web.HubOf(_owner);
        await SyncAsync(hub, known: new() { [id] = 1 });
        hub.Pause();
        var text = new string('x', 100_000);
        for (var i = 0; i < 300; i++)
            await _web.AnnounceAsync(_log.Progress(id, 10, text)); // 60 MB: more than sockets and pipes take
        hub.Resume();
        var version = 1;
        while (version < 301)
        {
            var call = await hub.Calls.ReadAsync(Cancel);
            call.Argument.GetProperty("from").GetInt32().ShouldBe(version);
            version = call.Argument.GetProperty("status").GetProperty("version").GetInt32();
        }
        _log.Calls[nameof(_log.ReadStreamsAsync)].ShouldBeGreaterThan(0);
    }

    private static Task<JsonElement> SyncAsync(HubClient hub, string? since = null, Dictionary<Guid, int>? known = null) =>
        hub.InvokeAsync("Sync", new { since, known }, Cancel);

    private static async Task<(Guid Id, int From, int Version)> NextAsync(HubClient hub)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(Eventually.Deadline);
        var call = await hub.Calls.ReadAsync(deadline.Token);
        call.Target.ShouldBe("Changed");
        var change = call.Argument;
        return (change.GetProperty("id").GetGuid(), change.GetProperty("from").GetInt32(), change.GetProperty("status").GetProperty("version").GetInt32());
    }
}
