using System.Net;
using System.Text.Json;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Feedback;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Feedback;

/// <summary>The stream of one request, on one instance without a backplane.</summary>
public sealed class EventStreamTests : IAsyncLifetime
{
    private readonly MemoryLog _log = new();
    private readonly Guid _owner = Guid.NewGuid();
    private FeedbackInstance _web = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _web = await FeedbackInstance.StartAsync(_log, configure: options => options["Feedback:Heartbeat"] = "00:00:01");
        _client = _web.ClientOf(_owner);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _web.DisposeAsync();
    }

    [Fact]
    public async Task The_past_is_replayed_then_it_goes_on_live_and_ends_with_the_request()
    {
        var id = _log.Accept(_owner).State.Id;
        _log.Progress(id, 10);
        using var stream = await SseClient.OpenAsync(_client, $"/requests/{id}/events");
        (await stream.TakeAsync(2)).Select(e => (e.Id, e.Type)).ShouldBe([("1", "request-accepted"), ("2", "progress-reported")]);
        await _web.AnnounceAsync(_log.Progress(id, 20));
        (await stream.NextAsync())!.Json.GetProperty("data").GetProperty("percent").GetDouble().ShouldBe(20);
        await _web.AnnounceAsync(_log.Succeed(id));
        (await stream.NextAsync())!.Type.ShouldBe("request-succeeded");
        (await stream.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task The_bytes_are_those_of_the_standard()
    {
        var id = _log.Accept(_owner).State.Id;
        var done = _log.Succeed(id);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/requests/{id}/events?after=1");
        request.Headers.Accept.Add(new("text/event-stream"));
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream");
        response.Headers.CacheControl!.ToString().ShouldBe("no-cache");
        var at = JsonSerializer.Serialize(done.Events[0].At, Contracts.FeedbackJson.Options);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(
            ": open\n\nid: 2\nevent: request-succeeded\n" +
            $"data: {{\"version\":2,\"type\":\"request-succeeded\",\"at\":{at},\"data\":" +
            """{"attempt":1,"run":"00000000-0000-0000-0000-000000000000","result":{"text":"done"}}}""" + "\n\n");
    }

    [Fact]
    public async Task A_payload_with_line_breaks_stays_on_one_line()
    {
        var id = Guid.NewGuid();
        var payload = JsonSerializer.Deserialize<JsonElement>("{\n  \"text\":\r\n \"a\\nb\"\n}");
        _log.Append(id, new Web.Log.RequestAccepted("echo", _owner, payload, null, "f", DateTimeOffset.UtcNow, null, null));
        using var stream = await SseClient.OpenAsync(_client, $"/requests/{id}/events");
        (await stream.NextAsync())!.Json.GetProperty("data").GetProperty("payload").GetProperty("text").GetString().ShouldBe("a\nb");
    }

    [Fact]
    public async Task A_client_that_comes_back_goes_on_after_the_last_event_it_saw()
    {
        var id = _log.Accept(_owner).State.Id;
        _log.Progress(id, 10);
        _log.Progress(id, 20);
        using var stream = await SseClient.OpenAsync(_client, $"/requests/{id}/events?after=0", lastEventId: "2");
        (await stream.NextAsync())!.Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_long_past_is_replayed_page_by_page_without_a_gap()
    {
        var id = _log.Accept(_owner).State.Id;
        for (var i = 0; i < LogReader.Page * 3; i++)
            _log.Progress(id, 10);
        _log.Succeed(id);
        using var stream = await SseClient.OpenAsync(_client, $"/requests/{id}/events");
        var total = _log.Read(id).Version;
        (await stream.TakeAsync(total + 1)).Select(e => e.Version).ShouldBe(Enumerable.Range(1, total));
    }

    [Fact]
    public async Task A_client_that_has_seen_the_end_is_told_not_to_come_back()
    {
        var id = _log.Accept(_owner).State.Id;
        _log.Succeed(id);
        using var stream = await SseClient.OpenAsync(_client, $"/requests/{id}/events", lastEventId: "2");
        stream.Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("after=-1")]
    [InlineData("after=x")]
    [InlineData("after=99999999999")]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    public async Task A_bad_parameter_is_a_problem(string query)
    {
        var id = _log.Accept(_owner).State.Id;
        using var response = await _client.GetAsync($"/requests/{id}/events?{query}", TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Unknown_and_foreign_requests_are_the_same_404()
    {
        var foreign = _log.Accept(Guid.NewGuid()).State.Id;
        var answers = new List<string>();
        foreach (var id in new[] { foreign.ToString(), Guid.NewGuid().ToString(), "nonsense" })
        {
            foreach (var accept in new[] { "text/event-stream", "application/json" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/requests/{id}/events") { Headers = { { "Accept", accept } } };
                using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
                response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
                answers.Add(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            }
        }
        answers.Distinct().ShouldHaveSingleItem().ShouldContain("/problems/not-found");
    }

    [Fact]
    public async Task Without_an_owner_there_is_no_stream()
    {
        using var stranger = new HttpClient { BaseAddress = _web.Address };
        foreach (var path in new[] { "/me/events", $"/requests/{_log.Accept(_owner).State.Id}/events" })
        {
            using var stream = await SseClient.OpenAsync(stranger, path);
            stream.Status.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task The_events_are_also_a_page_of_json()
    {
        var id = _log.Accept(_owner).State.Id;
        _log.Progress(id, 10);
        _log.Progress(id, 20);
        var page = await JsonAsync($"/requests/{id}/events?after=1&limit=1");
        page.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("version").GetInt32()).ShouldBe([2]);
        (page.GetProperty("version").GetInt32(), page.GetProperty("more").GetBoolean()).ShouldBe((3, true));
        page = await JsonAsync($"/requests/{id}/events?after=2");
        (page.GetProperty("version").GetInt32(), page.GetProperty("more").GetBoolean()).ShouldBe((3, false));
        page = await JsonAsync($"/requests/{id}/events?after=3");
        (page.GetProperty("events").GetArrayLength(), page.GetProperty("more").GetBoolean()).ShouldBe((0, false));
    }

    [Fact]
    public async Task A_silent_stream_gets_comments()
    {
        var id = _log.Accept(_owner).State.Id;
        using var stream = await SseClient.OpenAsync(_client, $"/requests/{id}/events");
        await stream.NextAsync();
        var before = stream.Comments;
        var next = stream.NextAsync();
        await Eventually.HoldsAsync(() => stream.Comments >= before + 2, "two heartbeats");
        await _web.AnnounceAsync(_log.Succeed(id));
        (await next)!.Type.ShouldBe("request-succeeded");
    }

    [Fact]
    public async Task A_client_that_leaves_leaves_nothing_behind()
    {
        var id = _log.Accept(_owner).State.Id;
        using (var stream = await SseClient.OpenAsync(_client, $"/requests/{id}/events"))
        {
            await stream.NextAsync();
            Listeners().ShouldBe(1);
        }
        await Eventually.HoldsAsync(() => Listeners() == 0, "the subscription is gone");
    }

    [Fact]
    public async Task Streams_end_at_once_when_the_instance_stops()
    {
        var id = _log.Accept(_owner).State.Id;
        using var stream = await SseClient.OpenAsync(_client, $"/requests/{id}/events");
        await stream.NextAsync();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await _web.StopAsync();
        (await stream.NextAsync()).ShouldBeNull();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_slow_reader_gets_everything_in_order_once_it_reads()
    {
        var id = _log.Accept(_owner).State.Id;
        using var stream = await SseClient.OpenAsync(_client, $"/requests/{id}/events");
        await stream.NextAsync();
        var text = new string('x', 100_000);
        for (var i = 0; i < 300; i++)
            await _web.AnnounceAsync(_log.Progress(id, 10, text)); // 30 MB: more than sockets and pipes take
        (await stream.TakeAsync(300)).Select(e => e.Version).ShouldBe(Enumerable.Range(2, 300));
    }

    [Fact]
    public async Task A_log_that_is_away_for_a_moment_only_delays_the_replay()
    {
        var id = _log.Accept(_owner).State.Id;
        using var stream = await SseClient.OpenAsync(_client, $"/requests/{id}/events");
        await stream.NextAsync();
        _log.Unavailable = true;
        _log.Progress(id, 10);
        var third = _log.Progress(id, 20);
        await _web.AnnounceAsync(third);
        var asked = _log.Calls.GetValueOrDefault(nameof(_log.ReadStreamsAsync));
        await Eventually.HoldsAsync(() => _log.Calls.GetValueOrDefault(nameof(_log.ReadStreamsAsync)) > asked, "the log is asked again");
        _log.Unavailable = false;
        (await stream.TakeAsync(2)).Select(e => e.Version).ShouldBe([2, 3]);
    }

    private int Listeners() => _web.Channels.All.Sum(channel => channel.Listeners().ByRequest.Count + channel.Listeners().Wide.Count);

    private async Task<JsonElement> JsonAsync(string path) =>
        JsonSerializer.Deserialize<JsonElement>(await _client.GetStringAsync(path, TestContext.Current.CancellationToken));
}
