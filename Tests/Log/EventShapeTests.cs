using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Log;

/// <summary>What stands in logs stays readable: the texts below are as they were stored, and are never edited.</summary>
public sealed class EventShapeTests
{
    /// <summary>Every name that this version writes, as it writes it.</summary>
    public static TheoryData<string, string> Stored => new()
    {
        { "request-accepted", """{"kind":"echo","owner":"019c0000-0000-7000-8000-000000000001","payload":{"text":"hi","n":1.0},"files":["019c0000-0000-7000-8000-000000000002"],"fingerprint":"f","deadline":"2026-02-07T09:30:00Z","traceParent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","traceState":"a=b","retention":"2.00:00:00"}""" },
        { "attempt-started", """{"attempt":1,"hop":1,"endpoint":"echo","run":"019c0000-0000-7000-8000-000000000003","worker":"w","redelivered":true,"delivery":2}""" },
        { "hop-started", """{"attempt":1,"hop":2,"endpoint":"echo","run":"019c0000-0000-7000-8000-000000000003","worker":"w","redelivered":false,"delivery":0}""" },
        { "progress-reported", """{"attempt":1,"run":"019c0000-0000-7000-8000-000000000003","sequence":4,"percent":12.5,"message":"m"}""" },
        { "output-appended", """{"attempt":1,"run":"019c0000-0000-7000-8000-000000000003","index":3,"chunk":"c"}""" },
        { "hop-forwarded", """{"attempt":1,"hop":1,"kind":"next","message":{"n":1.0}}""" },
        { "input-requested", """{"attempt":1,"key":"k","question":"?","schema":{"type":"string"}}""" },
        { "input-provided", """{"key":"k","answer":"yes","by":"owner"}""" },
        { "attempt-failed", """{"attempt":1,"run":"019c0000-0000-7000-8000-000000000003","error":{"type":"/problems/attempt-failed","title":"It failed."},"nextAttemptAt":"2026-01-31T09:31:00.5Z"}""" },
        { "attempt-stalled", """{"attempt":1,"run":"019c0000-0000-7000-8000-000000000003","lastSeen":"2026-01-31T09:30:00Z","nextAttemptAt":"2026-01-31T09:31:00Z"}""" },
        { "retry-requested", """{"by":"owner"}""" },
        { "cancellation-requested", """{"by":"owner"}""" },
        { "request-succeeded", """{"attempt":1,"run":"019c0000-0000-7000-8000-000000000003","result":{"rows":3}}""" },
        { "request-failed", """{"attempt":1,"run":"019c0000-0000-7000-8000-000000000003","error":{"type":"/problems/attempt-failed","title":"It failed."}}""" },
        { "request-canceled", """{"attempt":1,"run":"019c0000-0000-7000-8000-000000000003","by":"owner","reason":"no worker answered"}""" },
    };

    [Fact]
    public void Every_event_has_a_stored_text_here() =>
        Stored.Select(row => row.Data.Item1).Order().ShouldBe(EventNames.All.Order());

    [Theory]
    [MemberData(nameof(Stored))]
    public void What_is_stored_reads_back_whole(string name, string data)
    {
        var read = EventNames.Read(name, data);
        EventNames.Write(read).ShouldBe(data);
        EventNames.StoredNameOf(read).ShouldBe(name, "a new shape goes under a new name, and gets a text of its own here");
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void Members_that_a_newer_version_has_added_are_passed_over(string name, string data)
    {
        var more = data.Insert(data.Length - 1, ""","addedLater":{"level":3},"alsoAdded":[1,null,"x"]""");
        EventNames.Write(EventNames.Read(name, more)).ShouldBe(data);
    }

    [Fact]
    public void Members_that_may_be_absent_were_absent_before_they_existed()
    {
        // As the first version stored it: without files, trace and retention.
        var accepted = EventNames.Read("request-accepted", """{"kind":"echo","owner":"019c0000-0000-7000-8000-000000000001","payload":{"text":"hi"},"fingerprint":"f","deadline":"2026-02-07T09:30:00Z"}""")
            .ShouldBeOfType<RequestAccepted>();
        (accepted.Files, accepted.TraceParent, accepted.TraceState, accepted.Retention).ShouldBe((null, null, null, null));
        EventNames.Read("request-canceled", """{"by":"owner"}""").ShouldBe(new RequestCanceled(null, null, "owner"));
        EventNames.Read("progress-reported", """{"attempt":1,"run":"019c0000-0000-7000-8000-000000000003","sequence":4}""")
            .ShouldBe(new ProgressReported(1, Guid.Parse("019c0000-0000-7000-8000-000000000003"), 4, null, null));
        EventNames.Read("attempt-failed", """{"attempt":1,"error":{"type":"/problems/worker-died","title":"It died."}}""").ShouldBeOfType<AttemptFailed>().Spared.ShouldBeFalse();
        EventNames.Read("attempt-failed", """{"attempt":1,"error":{"type":"/problems/worker-died","title":"It died."},"spared":true}""")
            .ShouldBeOfType<AttemptFailed>().Spared.ShouldBeTrue();
    }

    [Fact]
    public void A_shape_that_has_changed_twice_is_read_in_all_three_and_written_in_the_last()
    {
        var shapes = new EventShapes(Canceled);
        var now = new RequestCanceled(2, null, "owner", "too late");

        shapes.Read("request-canceled", """{"who":"owner"}""", default, 2).ShouldBe(new RequestCanceled(null, null, "owner"));
        shapes.Read("request-canceled/2", """{"attemptNumber":"2","by":"owner","why":{"text":"too late"},"unknown":1}""", default, 2).ShouldBe(now);
        shapes.Read("request-canceled/3", EventNames.Write(now), default, 2).ShouldBe(now);
        (shapes.Of(typeof(RequestCanceled)).Name, shapes.Of(typeof(RequestCanceled)).StoredName).ShouldBe(("request-canceled", "request-canceled/3"));
    }

    [Theory]
    [InlineData("request-canceled/4", "{}", "which this version does not know")]
    [InlineData("request-cancelled", "{}", "which this version does not know")]
    [InlineData("request-canceled", """{"by":"owner"}""", "whose data is not of that shape")]
    [InlineData("request-canceled/2", """{"attemptNumber":2,"by":"owner","why":{}}""", "whose data is not of that shape")]
    [InlineData("request-canceled/2", """{"attemptNumber":"two","by":"owner","why":{"text":""}}""", "whose data is not of that shape")]
    [InlineData("request-canceled/3", """{"by":""", "whose data is not of that shape")]
    [InlineData("request-canceled/3", "null", "whose data is not of that shape")]
    public void What_cannot_be_read_is_told_by_request_version_and_name(string name, string data, string why)
    {
        var error = Should.Throw<StoredEventException>(() => new EventShapes(Canceled).Read(name, data, Given.Id, 7));
        error.Message.ShouldBe($"Event 7 of request {Given.Id} is '{name}', {why}.");
    }

    /// <summary>As a map would look after two changes: first the name of a member, then the kind of two.</summary>
    private static EventShape Canceled => new(
        "request-canceled",
        typeof(RequestCanceled),
        first => new RequestCanceled(null, null, first.GetProperty("who").GetString()!),
        second => new RequestCanceled(
            int.Parse(second.GetProperty("attemptNumber").GetString()!, System.Globalization.CultureInfo.InvariantCulture),
            null,
            second.GetProperty("by").GetString()!,
            second.GetProperty("why").GetProperty("text").GetString()));
}
