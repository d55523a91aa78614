using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

[Collection(SampleDashboardTests.Name)]
public sealed class TelemetryApiTests(SampleDashboard dashboard)
{
    // A name of its own for each test: they share a dashboard.
    private readonly string _service = $"svc{Guid.NewGuid():N}"[..12];

    [Fact]
    public async Task Log_lines_are_found_by_every_filter_and_paged_by_their_id()
    {
        var (trace, span, request) = (OtlpMessage.NewTraceId(), OtlpMessage.NewSpanId(), Guid.NewGuid().ToString());
        await dashboard.SendAsync("logs", OtlpMessage.Export(
            _service, "Shop.Orders",
            OtlpMessage.Log("first thing", severity: 5, atMs: 0),
            OtlpMessage.Log("second thing", severity: 17, atMs: 1_000).Add(9, Convert.FromHexString(trace)).Add(10, Convert.FromHexString(span))
                .AddAttributes(6, ("feedback.request.id", request), ("color", "blue"))));

        async Task<string[]> Messages(string filter) =>
            [.. (await dashboard.GetAsync($"/api/logs?resource={_service}&{filter}")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("message").GetString()!)];
        (await Messages("")).ShouldBe(["second thing", "first thing"]);
        foreach (var filter in new[] { "level=Warning", "text=blue", $"traceId={trace}", $"spanId={span}", $"requestId={request}", "from=2026-01-01T00:00:00.5Z", "text=SECOND%20thing" })
            (await Messages(filter)).ShouldBe(["second thing"], filter);
        (await Messages("to=2026-01-01T00:00:00.5Z")).ShouldBe(["first thing"]);
        (await Messages("category=nowhere")).ShouldBeEmpty();

        var page = await dashboard.GetAsync($"/api/logs?resource={_service}&limit=1");
        (page.GetProperty("hasMore").GetBoolean(), page.GetProperty("matched").GetInt32()).ShouldBe((true, 2));
        var id = page.GetProperty("items")[0].GetProperty("id").GetInt64();
        (await Messages($"before={id}")).ShouldBe(["first thing"]);
        (await Messages($"after={id}")).ShouldBeEmpty();

        var whole = await dashboard.GetAsync($"/api/logs/{id}");
        whole.GetProperty("attributes").GetProperty("color").GetString().ShouldBe("blue");
        whole.GetProperty("resourceAttributes").GetProperty("service.name").GetString().ShouldBe(_service);
        whole.GetProperty("level").GetString().ShouldBe("Error");
        whole.GetProperty("at").GetString().ShouldBe("2026-01-01T00:00:01.0000000Z");
    }

    [Fact]
    public async Task A_trace_is_shown_with_those_that_are_linked_to_it_and_its_log_lines()
    {
        var (trace, linked, request) = (OtlpMessage.NewTraceId(), OtlpMessage.NewTraceId(), Guid.NewGuid().ToString());
        await dashboard.SendAsync("traces", OtlpMessage.Export(
            _service, "c",
            OtlpMessage.Span(trace, "00000000000000a1", "PUT /x", 0, 20).AddAttributes(9, ("feedback.request.id", request)),
            OtlpMessage.Span(trace, "00000000000000a2", "query", 2, 5, parent: "00000000000000a1").Add(15, new OtlpMessage().Add(3, 2)),
            OtlpMessage.Span(linked, "00000000000000b1", "consume", 8, 12).Add(6, 5).Add(13, OtlpMessage.Link(trace, "00000000000000a1"))));
        await dashboard.SendAsync("logs", OtlpMessage.Export(_service, "c", OtlpMessage.Log("inside").Add(9, Convert.FromHexString(linked))));

        var shown = await dashboard.GetAsync($"/api/traces/{trace}");

        var spans = shown.GetProperty("spans").EnumerateArray().ToList();
        spans.Select(s => s.GetProperty("name").GetString()).ShouldBe(["PUT /x", "query", "consume"]);
        spans[2].GetProperty("joinedTo").GetProperty("spanId").GetString().ShouldBe("00000000000000a1");
        (spans[1].GetProperty("startUs").GetInt64(), spans[1].GetProperty("durationUs").GetInt64()).ShouldBe((2_000, 3_000));
        shown.GetProperty("linked")[0].GetProperty("traceId").GetString().ShouldBe(linked);
        shown.GetProperty("logs")[0].GetProperty("message").GetString().ShouldBe("inside");
        var row = (await dashboard.GetAsync($"/api/traces?requestId={request}")).GetProperty("items").EnumerateArray().Single();
        (row.GetProperty("name").GetString(), row.GetProperty("errors").GetInt32(), row.GetProperty("durationMs").GetDouble()).ShouldBe(("PUT /x", 1, 20));
        foreach (var (filter, count) in new[] { ("errors=true", 1), ("minMs=15", 1), ("minMs=25", 0), ("minSpans=2", 1), ("", 1), ("text=consume", 1), ("text=query%20PUT", 0) })
            (await dashboard.GetAsync($"/api/traces?resource={_service}&{filter}")).GetProperty("matched").GetInt32().ShouldBe(count, filter);
    }

    [Fact]
    public async Task Links_that_Aspire_would_understand_lead_to_the_trace()
    {
        using var answer = await dashboard.Browser.GetAsync(new Uri("/traces/detail/abc?spanId=1", UriKind.Relative), TestContext.Current.CancellationToken);
        answer.Headers.Location!.ToString().ShouldBe("/traces/abc?spanId=1");
    }

    [Fact]
    public async Task Metrics_are_listed_and_drawn()
    {
        foreach (var (second, value) in new[] { (0L, 0L), (10L, 50L) })
        {
            var point = new OtlpMessage().AddFixed(3, OtlpMessage.Epoch + second * 1_000_000_000).AddFixed(6, value).AddAttributes(7, ("color", "red"));
            await dashboard.SendAsync("metrics", OtlpMessage.Export(
                _service, "meter", new OtlpMessage().Add(1, "things").Add(3, "{thing}").Add(7, new OtlpMessage().Add(1, point).Add(2, 2).Add(3, 1))));
        }

        var instrument = (await dashboard.GetAsync("/api/metrics")).GetProperty("instruments").EnumerateArray().Single(i => i.GetProperty("resource").GetString() == _service);
        (instrument.GetProperty("type").GetString(), instrument.GetProperty("dimensions")[0].GetProperty("values")[0].GetString()).ShouldBe(("Counter", "red"));
        var chart = await dashboard.GetAsync(
            $"/api/metrics/series?resource={_service}&meter=meter&name=things&from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:20Z&points=2&group=color&filter=color:red");
        var series = chart.GetProperty("series").EnumerateArray().Single();
        series.GetProperty("labels").GetProperty("color").GetString().ShouldBe("red");
        series.GetProperty("points")[0].GetProperty("value").GetDouble().ShouldBe(5, 0.001);
        series.GetProperty("points")[1].TryGetProperty("value", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task One_search_finds_it_everywhere()
    {
        var word = $"needle{Guid.NewGuid():N}"[..14];
        var trace = OtlpMessage.NewTraceId();
        await dashboard.SendAsync("logs", OtlpMessage.Export(_service, "c", OtlpMessage.Log($"a {word} in a log")));
        await dashboard.SendAsync("traces", OtlpMessage.Export(_service, "c", OtlpMessage.Span(trace, OtlpMessage.NewSpanId(), "n").AddAttributes(9, ("hay", word))));
        await dashboard.SendAsync("metrics", OtlpMessage.Export(
            _service, "m", new OtlpMessage().Add(1, word).Add(5, new OtlpMessage().Add(1, new OtlpMessage().AddFixed(3, OtlpMessage.Epoch).AddFixed(6, 1L)))));

        var found = await dashboard.GetAsync($"/api/search?q={word.ToUpperInvariant()}");

        int Matched(string part) => found.GetProperty(part).GetProperty("matched").GetInt32();
        (Matched("logs"), Matched("traces"), Matched("spans"), Matched("console")).ShouldBe((1, 1, 1, 0));
        found.GetProperty("spans").GetProperty("items")[0].GetProperty("where").GetString().ShouldBe("hay");
        found.GetProperty("metrics")[0].GetProperty("name").GetString().ShouldBe(word);
        (await dashboard.GetAsync("/api/search?q=sam")).GetProperty("resources").EnumerateArray().Select(r => r.GetString()).ShouldBe(["sample"]);
        (await dashboard.GetAsync($"/api/search?q={trace}")).GetProperty("spans").GetProperty("matched").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task What_a_filter_shows_can_be_taken_home_and_forgotten()
    {
        await dashboard.SendAsync("logs", OtlpMessage.Export(_service, "c", OtlpMessage.Log("one"), OtlpMessage.Log("two")));
        using var file = await dashboard.Browser.GetAsync(new Uri($"/api/export?kind=logs&resource={_service}&text=two", UriKind.Relative), TestContext.Current.CancellationToken);

        file.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        var lines = (await file.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        JsonElement.Parse(lines.ShouldHaveSingleItem()).GetProperty("message").GetString().ShouldBe("two");

        (await dashboard.StatusAsync(HttpMethod.Delete, $"/api/telemetry?kind=logs&resource={_service}")).ShouldBe(HttpStatusCode.NoContent);
        (await dashboard.GetAsync($"/api/logs?resource={_service}")).GetProperty("matched").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("/api/logs?level=Loud", HttpStatusCode.BadRequest)]
    [InlineData("/api/logs?from=yesterday", HttpStatusCode.BadRequest)]
    [InlineData("/api/logs?traceId=1", HttpStatusCode.BadRequest)]
    [InlineData("/api/logs/999999999", HttpStatusCode.NotFound)]
    [InlineData("/api/logs?run=nobody", HttpStatusCode.NotFound)]
    [InlineData("/api/traces/zzz", HttpStatusCode.BadRequest)]
    [InlineData("/api/traces/000000000000000000000000000000aa", HttpStatusCode.NotFound)]
    [InlineData("/api/metrics/series?resource=a&name=b", HttpStatusCode.NotFound)]
    [InlineData("/api/search", HttpStatusCode.BadRequest)]
    [InlineData("/api/export?kind=all", HttpStatusCode.BadRequest)]
    public async Task What_makes_no_sense_is_refused(string path, HttpStatusCode status) => (await dashboard.StatusAsync(HttpMethod.Get, path)).ShouldBe(status);
}
