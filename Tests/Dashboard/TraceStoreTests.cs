using AspireFeedback.LocalAspire.Dashboard.Queries;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

public sealed class TraceStoreTests
{
    private readonly TelemetryStore _store = new(new RequestIds(RequestIds.Default));

    [Fact]
    public void The_oldest_traces_make_room_and_what_went_is_counted()
    {
        var first = Take("first");
        for (var i = 0; i < TelemetryLimits.Traces; i++)
            Take("later");

        _store.Traces.Count.ShouldBe(TelemetryLimits.Traces);
        _store.Traces.Evicted.ShouldBe(1);
        _store.Traces.Find(Ids.ParseTrace(first)).ShouldBeNull();
        _store.Traces.Bytes.ShouldBe(_store.Traces.Snapshot().Sum(t => t.Bytes));
    }

    [Fact]
    public void One_trace_without_an_end_does_not_push_out_the_others()
    {
        var other = Take("other");
        var endless = OtlpMessage.NewTraceId();
        for (var batch = 0; batch < 11; batch++)
            _store.Take(Signal.Traces, OtlpMessage.Export("shop", "c", [.. Enumerable.Range(0, 1_000).Select(_ => OtlpMessage.Span(endless, OtlpMessage.NewSpanId(), "loop"))]));

        _store.Traces.Find(Ids.ParseTrace(endless))!.Count.ShouldBe(TelemetryLimits.SpansPerTrace);
        _store.Traces.Dropped.ShouldBe(1_000);
        _store.Traces.Find(Ids.ParseTrace(other)).ShouldNotBeNull();
    }

    [Fact]
    public void Links_join_traces_in_both_directions_and_over_several_steps()
    {
        var (web, broker, hub) = (OtlpMessage.NewTraceId(), OtlpMessage.NewTraceId(), OtlpMessage.NewTraceId());
        Take("PUT", web, "00000000000000a1", 0);
        Take("consume", broker, "00000000000000b1", 5, OtlpMessage.Link(web, "00000000000000a1"));
        Take("push", hub, "00000000000000c1", 9, OtlpMessage.Link(broker, "00000000000000b1"));

        foreach (var id in new[] { web, broker, hub })
        {
            var joined = JoinedTrace.Of(_store.Traces, _store.Traces.Find(Ids.ParseTrace(id))!);
            joined.Spans.Select(s => s.Name).ShouldBe(["PUT", "consume", "push"]);
            joined.Spans.Select(s => joined.JoinOf(s)?.Name).ShouldBe([null, "PUT", "consume"]);
            joined.Linked.Count.ShouldBe(2);
        }
    }

    [Fact]
    public void Two_roots_that_link_to_each_other_are_not_both_below_the_other()
    {
        var (one, two) = (OtlpMessage.NewTraceId(), OtlpMessage.NewTraceId());
        Take("one", one, "00000000000000a1", 0, OtlpMessage.Link(two, "00000000000000b1"));
        Take("two", two, "00000000000000b1", 0, OtlpMessage.Link(one, "00000000000000a1"));

        var joined = JoinedTrace.Of(_store.Traces, _store.Traces.Find(Ids.ParseTrace(one))!);
        joined.Spans.Count(s => joined.JoinOf(s) is not null).ShouldBe(1);
    }

    [Fact]
    public void A_page_goes_on_after_its_cursor_while_traces_come_in()
    {
        for (var i = 0; i < 5; i++)
            Take($"t{i}", startMs: i);
        var filter = new TraceFilter();
        var (page, _, next) = filter.Read(_store.Traces, null, 2);
        Take("new", startMs: 9);
        var (rest, matched, end) = filter.Read(_store.Traces, next, 10);

        page.Select(t => t.Root.Name).ShouldBe(["t4", "t3"]);
        rest.Select(t => t.Root.Name).ShouldBe(["t2", "t1", "t0"]);
        matched.ShouldBe(6);
        end.ShouldBeNull();
    }

    [Fact]
    public void Reading_goes_on_while_spans_are_written()
    {
        var trace = OtlpMessage.NewTraceId();
        var batch = OtlpMessage.Export("shop", "c", [.. Enumerable.Range(0, 50).Select(i => OtlpMessage.Span(trace, OtlpMessage.NewSpanId(), "n", i))]);
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < 150; i++)
                _store.Take(Signal.Traces, batch);
        }, TestContext.Current.CancellationToken);
        while (!writing.IsCompleted)
        {
            foreach (var entry in _store.Traces.Snapshot())
            {
                foreach (var span in entry.Spans)
                    span.ShouldNotBeNull();
            }
        }

        _store.Traces.Find(Ids.ParseTrace(trace))!.Count.ShouldBe(7_500);
    }

    [Fact]
    public void Forgetting_a_resource_keeps_the_traces_in_which_others_had_a_part()
    {
        var (mixed, own) = (OtlpMessage.NewTraceId(), OtlpMessage.NewTraceId());
        foreach (var (trace, service) in new[] { (mixed, "web"), (mixed, "backend"), (own, "backend") })
            _store.Take(Signal.Traces, OtlpMessage.Export(service, "c", OtlpMessage.Span(trace, OtlpMessage.NewSpanId(), "n")));

        _store.Clear(Signal.Traces, "backend");

        Ids.Trace(_store.Traces.Snapshot().ShouldHaveSingleItem().Id).ShouldBe(mixed);
    }

    private string Take(string name, string? trace = null, string? span = null, long startMs = 0, params OtlpMessage[] links)
    {
        trace ??= OtlpMessage.NewTraceId();
        var message = OtlpMessage.Span(trace, span ?? OtlpMessage.NewSpanId(), name, startMs, startMs + 1);
        foreach (var link in links)
            message.Add(13, link);
        _store.Take(Signal.Traces, OtlpMessage.Export("shop", "c", message));
        return trace;
    }
}
