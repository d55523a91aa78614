using System.Net;
using AspireFeedback.Web.Feedback;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Feedback;

/// <summary>The stream of all changes of an owner.</summary>
public sealed class MyEventsTests : IAsyncLifetime
{
    private readonly MemoryLog _log = new();
    private readonly Guid _owner = Guid.NewGuid();
    private FeedbackInstance _web = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _web = await FeedbackInstance.StartAsync(_log);
        _client = _web.ClientOf(_owner);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _web.DisposeAsync();
    }

    [Fact]
    public async Task Changes_of_all_requests_of_the_owner_come_and_nobody_elses()
    {
        var old = _log.Accept(_owner).State.Id;
        using var stream = await OpenAsync();
        await _web.AnnounceAsync(_log.Accept(Guid.NewGuid()));
        await _web.AnnounceAsync(_log.Progress(old, 10));
        var fresh = _log.Accept(_owner);
        await _web.AnnounceAsync(fresh);
        var (first, second) = ((await stream.NextAsync())!, (await stream.NextAsync())!);
        (first.Type, first.Json.GetProperty("id").GetGuid(), first.Json.GetProperty("from").GetInt32()).ShouldBe(("changed", old, 1));
        (second.Type, second.Json.GetProperty("id").GetGuid(), second.Json.GetProperty("from").GetInt32()).ShouldBe(("changed", fresh.State.Id, 0));
        second.Id.ShouldBe(second.Json.GetProperty("cursor").GetString());
    }

    [Fact]
    public async Task A_new_request_whose_first_announcement_was_lost_is_sent_from_its_first_event()
    {
        using var stream = await OpenAsync();
        var id = _log.Accept(_owner).State.Id;
        await _web.AnnounceAsync(_log.Progress(id, 10));
        var change = (await stream.NextAsync())!.Json;
        (change.GetProperty("from").GetInt32(), change.GetProperty("events").GetArrayLength()).ShouldBe((0, 2));
    }

    [Fact]
    public async Task A_client_that_comes_back_with_its_cursor_hears_what_it_missed()
    {
        var moved = _log.Accept(_owner).State.Id;
        string cursor;
        using (var stream = await OpenAsync())
        {
            await _web.AnnounceAsync(_log.Progress(moved, 10));
            await stream.NextAsync();
            cursor = stream.LastId!;
        }
        _log.Progress(moved, 20);
        var missed = _log.Accept(_owner).State.Id;
        using var back = await SseClient.OpenAsync(_client, "/me/events", cursor);
        var heard = await back.TakeAsync(2);
        heard.Select(e => e.Json.GetProperty("id").GetGuid()).ShouldBe([moved, missed]);
        heard[0].Json.GetProperty("status").GetProperty("percentComplete").GetDouble().ShouldBe(20);
    }

    [Fact]
    public async Task The_cursor_is_told_before_anything_happens()
    {
        using var response = await _client.GetAsync("/me/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var lines = new List<string?>();
        for (var i = 0; i < 4; i++)
            lines.Add(await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        lines[0].ShouldBe(": open");
        lines[2]!.ShouldStartWith("id: ");
        lines[3].ShouldBe("");
        OwnerCursor.TryRead(lines[2]![4..], out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_cursor_that_is_none_is_refused()
    {
        using var stream = await SseClient.OpenAsync(_client, "/me/events", "42");
        stream.Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<SseClient> OpenAsync()
    {
        var stream = await SseClient.OpenAsync(_client, "/me/events");
        await stream.ReadIdAsync();
        return stream;
    }
}
