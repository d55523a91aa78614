using System.Text.Json;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

public sealed class OtlpDecoderTests
{
    private readonly TelemetryStore _store = new(new RequestIds(RequestIds.Default));

    [Fact]
    public void A_span_keeps_all_that_was_told_of_it()
    {
        var (traceId, spanId, request) = (OtlpMessage.NewTraceId(), OtlpMessage.NewSpanId(), Guid.NewGuid().ToString());
        _store.Take(Signal.Traces, OtlpMessage.Export(
            [("service.name", "shop"), ("service.instance.id", "shop-2")], "Shop.Orders",
            OtlpMessage.Span(traceId, spanId, "place order", 5, 25, parent: "00000000000000ff").Add(6, 5)
                .AddAttributes(9, ("feedback.request.id", request), ("a", "1"))
                .AddAttributes(9, ("number", new OtlpMessage().Add(3, -7)), ("yes", new OtlpMessage().Add(2, 1)))
                .Add(11, new OtlpMessage().AddFixed(1, OtlpMessage.Epoch + 6_000_000).Add(2, "paid").AddAttributes(3, ("by", "card")))
                .Add(13, OtlpMessage.Link("000102030405060708090a0b0c0d0e0f", "0001020304050607"))
                .Add(15, new OtlpMessage().Add(2, "no stock").Add(3, 2))));

        var span = _store.Traces.Find(Ids.ParseTrace(traceId))!.Spans[0];
        (span.Source.Resource, span.Source.Instance, span.Scope, span.Name).ShouldBe(("shop", "shop-2", "Shop.Orders", "place order"));
        (span.Kind, span.Status, span.RequestId, span.ParentSpanId).ShouldBe((SpanKind.Consumer, SpanStatus.Error, request, 0xFFUL));
        (span.EndNs - span.StartNs).ShouldBe(20_000_000);
        span.Text.Split()[1].ShouldBe("no stock");
        Pieces.Attributes(span.Text.Split(), SpanRow.AttributesFrom)
            .ShouldBe(new Dictionary<string, string> { ["feedback.request.id"] = request, ["a"] = "1", ["number"] = "-7", ["yes"] = "true" });
        span.Events.Single().Text.Split().ShouldBe(["paid", "by", "card"]);
        Ids.Trace(span.Links.Single().TraceId).ShouldBe("000102030405060708090a0b0c0d0e0f");
    }

    [Fact]
    public void Lists_and_maps_become_JSON()
    {
        var list = new OtlpMessage().Add(1, new OtlpMessage().Add(1, "x")).Add(1, new OtlpMessage().AddFixed(4, 1.5));
        var map = new OtlpMessage().Add(1, new OtlpMessage().Add(1, "list").Add(2, new OtlpMessage().Add(5, list)));
        _store.Take(Signal.Logs, OtlpMessage.Export("shop", "c", OtlpMessage.Log("m").AddAttributes(6, ("map", new OtlpMessage().Add(6, map)))));

        var text = Pieces.Attributes(_store.Logs.Snapshot().Single().Text.Split(), LogRow.AttributesFrom)["map"];
        JsonElement.Parse(text).GetProperty("list")[1].GetDouble().ShouldBe(1.5);
    }

    [Fact]
    public void A_log_line_has_template_exception_and_the_request_of_its_scope()
    {
        var request = Guid.NewGuid().ToString();
        _store.Take(Signal.Logs, OtlpMessage.Export("shop", "Shop.Orders", OtlpMessage.Log("Order 7 failed", severity: 17).AddAttributes(
            6, ("{OriginalFormat}", "Order {Id} failed"), ("Id", "7"), ("RequestId", "0HN1:0002"), ("RequestId", request),
            ("exception.type", "Boom"), ("exception.message", "it\nbroke"), ("exception.stacktrace", "Boom: it\nbroke\n at X"))));

        var row = _store.Logs.Snapshot().Single();
        (row.Category, row.Severity, row.RequestId).ShouldBe(("Shop.Orders", LogSeverity.Error, request));
        row.Text.Split()[..LogRow.AttributesFrom].ShouldBe(["Order 7 failed", "Order {Id} failed", "Boom", "it\nbroke", "Boom: it\nbroke\n at X"]);
    }

    [Fact]
    public void What_is_cut_off_anywhere_is_refused_and_nothing_of_it_kept()
    {
        var whole = OtlpMessage.Export("shop", "c", OtlpMessage.Span(OtlpMessage.NewTraceId(), OtlpMessage.NewSpanId(), "name").AddAttributes(9, ("a", "b")));
        for (var length = 1; length < whole.Length; length++)
            Should.Throw<InvalidDataException>(() => _store.Take(Signal.Traces, whole.AsSpan(0, length)), $"{length} of {whole.Length} bytes");
        _store.Traces.Count.ShouldBe(0);
    }

    [Fact]
    public void Random_bytes_are_refused_or_mean_nothing_and_never_break_the_receiver()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = OtlpMessage.Export("shop", "c", OtlpMessage.Log("m"), OtlpMessage.Span(OtlpMessage.NewTraceId(), OtlpMessage.NewSpanId(), "n"));
            for (var hits = random.Next(1, 4); hits > 0; hits--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                _store.Take((Signal)(i % 3), bytes);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void Attributes_beyond_the_limit_and_the_end_of_long_texts_are_left_out()
    {
        var attributes = Enumerable.Range(0, 300).Select(i => ($"key{i}", "v")).Append(("long", "x")).ToArray();
        var long8 = string.Concat(Enumerable.Repeat("äöü", 4_000));
        _store.Take(Signal.Traces, OtlpMessage.Export("shop", "c", OtlpMessage.Span(OtlpMessage.NewTraceId(), OtlpMessage.NewSpanId(), long8).AddAttributes(9, attributes)));

        var pieces = _store.Traces.Snapshot().Single().Spans[0].Text.Split();
        pieces.Length.ShouldBe(2 + 2 * TelemetryLimits.Attributes);
        pieces[0].ShouldEndWith("…");
        pieces[0].ShouldNotContain("\ufffd");
        System.Text.Encoding.UTF8.GetByteCount(pieces[0]).ShouldBeLessThanOrEqualTo(TelemetryLimits.TextBytes + 3);
    }

    [Fact]
    public void Separators_in_a_text_do_not_shift_what_follows()
    {
        _store.Take(Signal.Logs, OtlpMessage.Export("shop", "c", OtlpMessage.Log("a\u001fb").AddAttributes(6, ("k", "v\u001fw"))));
        var pieces = _store.Logs.Snapshot().Single().Text.Split();
        (pieces[0], pieces[LogRow.AttributesFrom + 1]).ShouldBe(("a b", "v w"));
    }
}
