using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Feedback;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Feedback;

public sealed class ChangeTests
{
    private readonly MemoryLog _log = new();

    [Fact]
    public void A_change_carries_the_events_as_slices_of_its_own_json()
    {
        var id = _log.Accept(Guid.NewGuid()).State.Id;
        var change = Changes.Of(_log.Progress(id, 12.5, "a \"quoted\" line\nand } another"));
        var slice = change.Events.ShouldHaveSingleItem();
        var json = JsonSerializer.Deserialize<JsonElement>(change.Json.Span, FeedbackJson.Options);
        (slice.Version, slice.Type).ShouldBe((2, "progress-reported"));
        System.Text.Encoding.UTF8.GetString(slice.Utf8.Span).ShouldBe(json.GetProperty("events")[0].GetRawText());
        json.GetProperty("from").GetInt32().ShouldBe(1);
        json.GetProperty("status").GetProperty("version").GetInt32().ShouldBe(2);
    }

    [Fact]
    public void A_large_result_is_told_by_its_address_in_event_and_status()
    {
        var id = _log.Accept(Guid.NewGuid()).State.Id;
        var result = JsonSerializer.SerializeToElement(new string('x', 300_000));
        var change = Changes.Of(_log.Append(id, new Web.Log.RequestSucceeded(1, Guid.NewGuid(), result)));
        change.Json.Length.ShouldBeLessThan(2_000);
        var json = JsonSerializer.Deserialize<JsonElement>(change.Json.Span, FeedbackJson.Options);
        json.GetProperty("events")[0].GetProperty("data").GetProperty("resultUrl").GetString().ShouldBe($"/requests/{id}/result");
        json.GetProperty("status").GetProperty("resultUrl").GetString().ShouldBe($"/requests/{id}/result");
    }

    [Fact]
    public void The_backplane_carries_a_change_unchanged()
    {
        var sent = Changes.Of(_log.Accept(Guid.NewGuid()));
        var (header, json) = ChangeHeader.Read(ChangeHeader.Write("here", sent));
        var received = Change.Received(sent.Owner, header, json);
        header.Instance.ShouldBe("here");
        (received.Id, received.From, received.Version, received.Done, received.TraceParent).ShouldBe((sent.Id, 0, 1, false, sent.TraceParent));
        received.CreatedAt.ShouldBe(sent.CreatedAt, TimeSpan.FromMicroseconds(1));
        received.Json.ToArray().ShouldBe(sent.Json.ToArray());
        received.Events.Single().Utf8.ToArray().ShouldBe(sent.Events.Single().Utf8.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing of ours")]
    [InlineData("{}x\n{}")]
    public void Foreign_bytes_on_the_backplane_are_refused(string bytes) =>
        Should.Throw<JsonException>(() => ChangeHeader.Read(System.Text.Encoding.UTF8.GetBytes(bytes)));
}

public sealed class OwnerCursorTests
{
    [Fact]
    public void A_cursor_is_read_as_it_was_written()
    {
        var at = new DateTimeOffset(2026, 1, 31, 9, 30, 0, 123, TimeSpan.Zero).AddTicks(4567);
        OwnerCursor.TryRead(OwnerCursor.Of(at), out var read).ShouldBeTrue();
        read.ShouldBe(at);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("t")]
    [InlineData("5")]
    [InlineData("t-1")]
    [InlineData("t7fffffffffffffff")]
    [InlineData("tffffffffffffffff")]
    [InlineData("2026-01-31T09:30:00Z")]
    public void Anything_else_is_refused(string? cursor) => OwnerCursor.TryRead(cursor, out _).ShouldBeFalse();
}

public sealed class LatestChangesTests
{
    [Fact]
    public void The_latest_of_each_request_is_kept_and_the_oldest_request_goes_first()
    {
        var _log = new MemoryLog();
        var owner = Guid.NewGuid();
        var kept = new LatestChanges(limit: 2);
        var (a, b, c) = (_log.Accept(owner).State.Id, _log.Accept(owner).State.Id, _log.Accept(owner).State.Id);
        kept.Add(Change.Told(owner, a, 1));
        kept.Add(Change.Told(owner, b, 5));
        kept.Add(Change.Told(owner, b, 4));
        kept.Add(Change.Told(owner, c, 1));
        kept.TakeAll().Select(change => (change.Id, change.Version)).ShouldBe([(b, 5), (c, 1)], ignoreOrder: true);
        kept.TakeAll().ShouldBeEmpty();
    }
}
