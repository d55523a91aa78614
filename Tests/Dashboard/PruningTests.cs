using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

/// <summary>What goes first when a store is full.</summary>
public sealed class PruningTests
{
    private static readonly string s_long = new('x', 4_000);

    [Fact]
    public void Of_log_lines_the_first_to_come_is_the_first_to_go_whatever_time_it_tells()
    {
        var store = new TelemetryStore(new RequestIds(RequestIds.Default));
        var lines = Enumerable.Range(1, TelemetryLimits.Logs + 5).Select(i => OtlpMessage.Log($"line {i}", atMs: 1_000_000 - i)).ToArray();
        foreach (var batch in lines.Chunk(1_000))
            store.Take(Signal.Logs, OtlpMessage.Export("shop", "c", batch));

        store.Logs.Snapshot().Select(row => row.Text.First).ShouldBe(Enumerable.Range(6, TelemetryLimits.Logs).Select(i => $"line {i}"));
        (store.Logs.Evicted, store.Logs.Find(5), store.Logs.Find(6)?.Text.First).ShouldBe((5, null, "line 6"));
    }

    [Fact]
    public void Long_log_lines_make_room_in_the_same_order_and_no_more_than_is_needed()
    {
        var store = new TelemetryStore(new RequestIds(RequestIds.Default), maxLogBytes: 100_000);
        for (var i = 1; i <= 60; i++)
            store.Take(Signal.Logs, OtlpMessage.Export("shop", "c", OtlpMessage.Log($"{i} {s_long}")));

        var kept = store.Logs.Snapshot();
        kept[^1].Text.First.ShouldStartWith("60 ");
        kept.Select(row => row.Id).ShouldBe(Enumerable.Range(61 - kept.Length, kept.Length).Select(i => (long)i));
        store.Logs.Bytes.ShouldBeInRange(100_000 - kept[0].Bytes, 100_000);
        store.Logs.Evicted.ShouldBe(60 - kept.Length);
    }

    [Fact]
    public void Of_traces_the_first_to_come_goes_whole_also_when_it_got_a_span_just_now()
    {
        var store = new TelemetryStore(new RequestIds(RequestIds.Default), maxSpanBytes: 100_000);
        var traces = Enumerable.Range(0, 30).Select(_ => OtlpMessage.NewTraceId()).ToArray();
        void Take(int trace, params OtlpMessage[] links)
        {
            var span = OtlpMessage.Span(traces[trace], OtlpMessage.NewSpanId(), "n", 1_000 - trace).AddAttributes(9, ("text", s_long));
            foreach (var link in links)
                span.Add(13, link);
            store.Take(Signal.Traces, OtlpMessage.Export("shop", "c", span));
        }

        Take(0, OtlpMessage.Link(traces[1], "00000000000000a1"));
        var count = 1;
        for (; store.Traces.Evicted == 0; count++)
        {
            store.Traces.LinkedFrom(Ids.ParseTrace(traces[1])).Length.ShouldBe(1);
            Take(count);
            Take(0);
        }

        // The first had a span of each round, and took them all along; the next one in line is still there.
        store.Traces.Find(Ids.ParseTrace(traces[0]))?.Count.ShouldBe(1);
        store.Traces.Evicted.ShouldBeGreaterThan(2);
        store.Traces.LinkedFrom(Ids.ParseTrace(traces[1])).ShouldBeEmpty();
        store.Traces.Snapshot().Select(trace => Ids.Trace(trace.Id)).Except([traces[0]]).ShouldBe(traces[1..count]);
        store.Traces.Bytes.ShouldBe(store.Traces.Snapshot().Sum(trace => trace.Bytes));
    }
}
