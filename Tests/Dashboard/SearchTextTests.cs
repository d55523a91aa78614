using AspireFeedback.LocalAspire.Dashboard.Queries;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using AspireFeedback.LocalAspire.Processes;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

public sealed class SearchTextTests
{
    private static readonly string s_trace = OtlpMessage.NewTraceId();

    [Theory]
    [InlineData("PLACE order", true)]
    [InlineData("order place", true)]
    [InlineData("\"order place\"", false)]
    [InlineData("\"place order\" http.route", true)]
    [InlineData("/orders/{id}", true)]
    [InlineData("503", true)]
    [InlineData("shop", true)]
    [InlineData("place missing", false)]
    [InlineData("paid", true)]
    [InlineData("Zürich", true)]
    [InlineData("Shop.Scope", true)]
    [InlineData("", true)]
    public void Every_word_must_occur_somewhere(string query, bool found)
    {
        var store = new TelemetryStore(new RequestIds(RequestIds.Default));
        store.Take(Signal.Traces, OtlpMessage.Export("shop", "shop.scope", OtlpMessage.Span(s_trace, OtlpMessage.NewSpanId(), "place order")
            .AddAttributes(9, ("http.route", "/orders/{id}"), ("city", "Zürich")).AddAttributes(9, ("status", new OtlpMessage().Add(3, 503)))
            .Add(11, new OtlpMessage().Add(2, "Paid"))));
        var span = store.Traces.Snapshot().Single().Spans[0];

        SearchText.Parse(query).IsIn(span).ShouldBe(found);
        SearchText.Parse(s_trace.ToUpperInvariant()).IsIn(span).ShouldBeTrue();
    }

    [Fact]
    public void It_is_said_where_the_word_was_found()
    {
        var store = new TelemetryStore(new RequestIds(RequestIds.Default));
        store.Take(Signal.Traces, OtlpMessage.Export("shop", "c", OtlpMessage.Span(s_trace, OtlpMessage.NewSpanId(), "place order").AddAttributes(9, ("http.route", "/x"))));
        var span = store.Traces.Snapshot().Single().Spans[0];

        SearchText.Parse("order").Where(span).ShouldBe("name");
        SearchText.Parse("/x").Where(span).ShouldBe("http.route");
    }

    [Fact]
    public void A_phrase_is_found_in_a_coloured_line()
    {
        var line = new ConsoleLine(1, "shop", DateTimeOffset.UnixEpoch, "\e[32minfo\e[39m: it\e[0m starts");

        SearchText.Parse("\"info: it starts\"").IsIn(line).ShouldBeTrue();
        SearchText.Parse("32m").IsIn(line).ShouldBeFalse();
    }

    [Fact]
    public void Overlapping_beginnings_are_found()
    {
        SearchText.Parse("aab").IsIn("aaab").ShouldBeTrue();
        SearchText.Parse("aab").IsIn("aaa").ShouldBeFalse();
    }
}
