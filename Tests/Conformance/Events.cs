using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

public sealed class Events(RunningSystem system) : ContractTest(system)
{
    [Fact]
    public async Task Come_in_pages_in_order()
    {
        var id = await EndedAsync(new { text = "a", delayMs = 900, steps = 3 });
        var all = await GetAsync($"/requests/{id}/events");
        var first = await GetAsync($"/requests/{id}/events?limit=2");
        var rest = await GetAsync($"/requests/{id}/events?after=2");

        var versions = Items(all, "events").Select(e => e.GetProperty("version").GetInt32()).ToArray();
        versions.ShouldBe(Enumerable.Range(1, versions.Length));
        Version(all).ShouldBe(versions.Length);
        all.Json.GetProperty("more").GetBoolean().ShouldBeFalse();
        first.Json.GetProperty("more").GetBoolean().ShouldBeTrue();
        Items(first, "events").Count().ShouldBe(2);
        Items(rest, "events").First().GetProperty("version").GetInt32().ShouldBe(3);
        foreach (var e in Items(all, "events"))
            e.EnumerateObject().Select(member => member.Name).ShouldBe(["version", "type", "at", "data"]);
    }

    [Theory]
    [InlineData("?after=-1")]
    [InlineData("?after=x")]
    [InlineData("?limit=0")]
    public async Task By_a_place_that_is_none_are_400(string query) =>
        ShouldBeProblem(await GetAsync($"/requests/{Guid.CreateVersion7()}/events{query}"), HttpStatusCode.BadRequest, "invalid-query");

    [Fact]
    public async Task Stream_from_the_first_to_the_last_and_then_end()
    {
        var id = await AcceptedAsync(new { text = "a", delayMs = 900, steps = 3 });

        var streamed = await StreamAsync(id);

        var log = await Me.EventsAsync(id, Cancellation);
        streamed.Select(item => item.EventId).ShouldBe(log.Select(e => $"{e.GetProperty("version")}"));
        streamed.Select(item => item.EventType).ShouldBe(log.Select(e => e.GetProperty("type").GetString()));
        streamed[^1].EventType.ShouldBe("request-succeeded");
    }

    [Fact]
    public async Task Stream_on_after_the_last_one_seen()
    {
        var id = await EndedAsync();
        (await StreamAsync(id, "1"))[0].EventId.ShouldBe("2");
    }

    [Fact]
    public async Task Stream_on_from_the_place_in_the_address_unless_a_later_one_was_seen()
    {
        var id = await EndedAsync();
        (await StreamAsync(id, path: "?after=1"))[0].EventId.ShouldBe("2");
        (await StreamAsync(id, "2", "?after=1"))[0].EventId.ShouldBe("3");
    }

    [Fact]
    public async Task Stream_a_comment_at_once_and_when_nothing_happens()
    {
        var id = await AcceptedAsync(new { text = "a", delayMs = 60_000 });
        await Me.UntilAsync(id, "Running", Cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(45));
        using var response = await Me.OpenAsync($"/requests/{id}/events", "1000", limit.Token);
        response.Headers.CacheControl!.NoCache.ShouldBeTrue();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        for (var comments = 0; comments < 2;)
        {
            if ((await reader.ReadLineAsync(limit.Token)).ShouldNotBeNull().StartsWith(':'))
                comments++;
        }

        await Me.CancelAsync(id, Cancellation);
    }

    [Theory]
    [InlineData("/me/events", "nonsense")]
    [InlineData("/requests/{0}/events", "x")]
    public async Task After_a_place_that_was_never_seen_are_400(string path, string last)
    {
        var address = string.Format(CultureInfo.InvariantCulture, path, await AcceptedAsync());
        ShouldBeProblem(await GetAsync(address, ("Accept", "text/event-stream"), ("Last-Event-ID", last)), HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Of_all_requests_go_on_where_they_broke_off()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        string cursor;
        using (var first = await Me.OpenAsync("/me/events", null, limit.Token))
        {
            using var reader = new StreamReader(await first.Content.ReadAsStreamAsync(limit.Token));
            string? line;
            do
                line = (await reader.ReadLineAsync(limit.Token)).ShouldNotBeNull();
            while (!line.StartsWith("id: ", StringComparison.Ordinal));
            cursor = line["id: ".Length..];
        }

        var missed = await EndedAsync();

        using var again = await Me.OpenAsync("/me/events", cursor, limit.Token);
        await using var stream = await again.Content.ReadAsStreamAsync(limit.Token);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(limit.Token))
        {
            if (item.Data.Length == 0)
                continue;
            var change = JsonElement.Parse(item.Data);
            change.GetProperty("id").GetGuid().ShouldBe(missed);
            if (change.GetProperty("status").GetProperty("done").GetBoolean())
                return;
        }

        Assert.Fail("The stream ended before it told the end.");
    }

    [Fact]
    public async Task Of_what_has_ended_for_who_has_seen_it_are_204()
    {
        var id = await EndedAsync();
        var end = Version(await GetAsync($"/requests/{id}"));
        foreach (var last in new[] { end, end + 5 })
            (await GetAsync($"/requests/{id}/events", ("Accept", "text/event-stream"), ("Last-Event-ID", $"{last}"))).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Of_all_requests_stream_to_their_owner_alone()
    {
        var other = await SomebodyAsync();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var response = await Me.OpenAsync("/me/events", null, limit.Token);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
        var items = SseParser.Create(stream).EnumerateAsync(limit.Token).GetAsyncEnumerator(limit.Token);

        await other.SubmitAsync(Guid.CreateVersion7(), "echo", new { text = "another's" }, Cancellation);
        var id = await AcceptedAsync();

        (await items.MoveNextAsync()).ShouldBeTrue();
        items.Current.EventType.ShouldBe("changed");
        items.Current.EventId.ShouldNotBeNullOrEmpty();
        items.Current.Data.ShouldContain($"{id}");
        await items.DisposeAsync();
    }

    private async Task<List<SseItem<string>>> StreamAsync(Guid id, string? lastEventId = null, string path = "")
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var response = await Me.OpenAsync($"/requests/{id}/events{path}", lastEventId, limit.Token);
        await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
        var items = new List<SseItem<string>>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(limit.Token))
            items.Add(item);
        return items;
    }
}
