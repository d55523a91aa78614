using System.Net.WebSockets;
using System.Text.Json;
using AspireFeedback.Tests.EndToEnd;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

/// <summary>The hub, by WebSockets without negotiation: each connection may be at another replica.</summary>
public sealed class Hubs(RunningSystem system) : ContractTest(system)
{
    [Fact]
    public async Task Push_every_change_in_order_without_gap_or_repeat()
    {
        await using var one = await ConnectAsync();
        await using var two = await ConnectAsync();
        foreach (var hub in new[] { one, two })
        {
            (await hub.InvokeAsync("Ping", null, Cancellation).WaitAsync(Eventually.Deadline, Cancellation)).GetBoolean().ShouldBeTrue();
            (await SyncAsync(hub)).GetProperty("cursor").GetString().ShouldNotBeNullOrEmpty();
        }

        var id = await AcceptedAsync(new { text = "a", delayMs = 600, steps = 3 });

        foreach (var hub in new[] { one, two })
        {
            var (at, types) = (0, new List<string>());
            await foreach (var change in ChangesAsync(hub, id))
            {
                change.EnumerateObject().Select(member => member.Name).ShouldBe(["id", "from", "events", "status", "cursor"]);
                change.GetProperty("from").GetInt32().ShouldBe(at);
                foreach (var e in change.GetProperty("events").EnumerateArray())
                {
                    e.GetProperty("version").GetInt32().ShouldBe(++at);
                    types.Add(e.GetProperty("type").GetString()!);
                }

                change.GetProperty("status").GetProperty("version").GetInt32().ShouldBe(at);
            }

            types.ShouldBe((await Me.EventsAsync(id, Cancellation)).Select(e => e.GetProperty("type").GetString()!));
        }
    }

    [Fact]
    public async Task Tell_who_comes_back_what_was_missed_and_what_is_new()
    {
        string cursor;
        await using (var before = await ConnectAsync())
            cursor = (await SyncAsync(before)).GetProperty("cursor").GetString()!;
        var known = await EndedAsync();
        var other = await EndedAsync();

        await using var hub = await ConnectAsync();
        var answer = await SyncAsync(hub, cursor, new() { [known] = 1 });

        var change = answer.GetProperty("changes").EnumerateArray().Single();
        change.GetProperty("id").GetGuid().ShouldBe(known);
        change.GetProperty("from").GetInt32().ShouldBe(1);
        change.GetProperty("status").GetProperty("status").GetString().ShouldBe("Succeeded");
        answer.GetProperty("requests").EnumerateArray().Select(request => request.GetProperty("id").GetGuid()).ShouldBe([other]);
    }

    [Fact]
    public async Task Say_nothing_of_the_requests_of_others()
    {
        var other = await SomebodyAsync();
        var theirs = Guid.CreateVersion7();
        await other.SubmitAsync(theirs, "echo", new { text = "theirs" }, Cancellation);
        await using var hub = await ConnectAsync();
        (await SyncAsync(hub, null, new() { [theirs] = 0 })).GetProperty("changes").GetArrayLength().ShouldBe(0);

        await other.SubmitAsync(Guid.CreateVersion7(), "echo", new { text = "theirs" }, Cancellation);
        var mine = await AcceptedAsync();

        (await hub.Calls.ReadAsync(Cancellation)).Argument.GetProperty("id").GetGuid().ShouldBe(mine);
    }

    [Fact]
    public async Task Refuse_a_cursor_that_is_none_and_go_on()
    {
        await using var hub = await ConnectAsync();
        (await Should.ThrowAsync<InvalidOperationException>(SyncAsync(hub, "nonsense"))).Message.ShouldContain("since");
        (await SyncAsync(hub)).GetProperty("cursor").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Know_a_token_in_a_header_and_nobody_without_an_identity()
    {
        (await Should.ThrowAsync<WebSocketException>(HubClient.ConnectAsync(Hub, null, Cancellation))).Message.ShouldContain("401");
        var issued = await PostAsync("/me/tokens");
        SkipWhenTooFast(issued);
        var access = issued.Json.GetProperty("accessToken").GetString()!;
        var inAddress = new UriBuilder(Hub) { Query = $"access_token={Uri.EscapeDataString(access)}" }.Uri;
        (await Should.ThrowAsync<WebSocketException>(HubClient.ConnectAsync(inAddress, null, Cancellation))).Message.ShouldContain("401");
        await using var hub = await HubClient.ConnectAsync(Hub, options => options.SetRequestHeader("Authorization", $"Bearer {access}"), Cancellation);
        await SyncAsync(hub);
        var id = await AcceptedAsync();
        (await hub.Calls.ReadAsync(Cancellation)).Argument.GetProperty("id").GetGuid().ShouldBe(id);
    }

    private Task<HubClient> ConnectAsync() => HubClient.ConnectAsync(Hub, options => options.SetRequestHeader("Cookie", Me.CookieHeader), Cancellation);

    private static Task<JsonElement> SyncAsync(HubClient hub, string? since = null, Dictionary<Guid, int>? known = null) =>
        hub.InvokeAsync("Sync", new { since, known = known ?? [] }, Cancellation).WaitAsync(Eventually.Deadline, Cancellation);

    /// <summary>The changes of one request, up to its end.</summary>
    private static async IAsyncEnumerable<JsonElement> ChangesAsync(HubClient hub, Guid id)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        for (var done = false; !done;)
        {
            var call = await hub.Calls.ReadAsync(limit.Token);
            call.Target.ShouldBe("Changed");
            if (call.Argument.GetProperty("id").GetGuid() != id)
                continue;
            done = call.Argument.GetProperty("status").GetProperty("done").GetBoolean();
            yield return call.Argument;
        }
    }
}
