using System.Text.RegularExpressions;
using AspireFeedback.Tests.Browser;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Dashboard;

/// <summary>Logs, traces, metrics and search in a real browser, over telemetry that the tests send.</summary>
[Collection(SampleDashboardTests.Name)]
public sealed class TelemetryPageTests(SampleDashboard dashboard, Chromium chromium)
{
    // A name of its own for each test: they share a dashboard.
    private readonly string _service = $"shop{Guid.NewGuid():N}"[..12];

    [Fact]
    public async Task Logs_are_filtered_in_the_address_and_lead_to_trace_request_and_resource()
    {
        var (trace, request) = (OtlpMessage.NewTraceId(), Guid.NewGuid().ToString());
        await dashboard.SendAsync("logs", OtlpMessage.Export(
            _service, "Shop.Orders",
            OtlpMessage.Log("an order came", atMs: 1),
            OtlpMessage.Log("an order failed", severity: 17, atMs: 2).Add(9, Convert.FromHexString(trace)).Add(10, Convert.FromHexString("00000000000000a1"))
                .AddAttributes(6, ("feedback.request.id", request), ("exception.type", "Shop.OutOfStock"), ("exception.message", "Nothing left"), ("exception.stacktrace", "Shop.OutOfStock: Nothing left\n   at Shop.Take()"))));
        await using var window = await DashboardWindow.OpenAsync(chromium, dashboard.Host, $"/logs?resource={_service}");
        await Expect(window.Rows("Logs")).ToHaveCountAsync(2);

        await window.Page.GetByLabel("Level").SelectOptionAsync("Warning");
        await Expect(window.Rows("Logs")).ToHaveCountAsync(1);
        await Expect(window.Page).ToHaveURLAsync(new Regex("level=Warning"));
        await window.Page.GoBackAsync();
        await Expect(window.Rows("Logs")).ToHaveCountAsync(2);
        await window.Page.GetByLabel("Text in the logs").FillAsync("failed");
        await Expect(window.Rows("Logs")).ToHaveCountAsync(1);

        await window.Page.Keyboard.PressAsync("Tab");
        await window.Rows("Logs").First.GetByRole(AriaRole.Link).First.FocusAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Details).ToContainTextAsync("at Shop.Take()");
        (await window.Details.GetByRole(AriaRole.Link, new() { Name = "Request", Exact = true }).First.GetAttributeAsync("href"))!.ShouldEndWith($"/admin#{request}");
        (await window.Details.GetByRole(AriaRole.Link, new() { Name = trace }).GetAttributeAsync("href")).ShouldBe($"/traces/{trace}?span=00000000000000a1");
        (await window.Details.GetByRole(AriaRole.Link, new() { Name = _service, Exact = true }).GetAttributeAsync("href")).ShouldBe($"/resources/{_service}");
        await window.ShouldFitAsync();
        window.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task What_is_new_waits_above_a_list_that_somebody_reads_and_thousands_of_rows_are_few_elements()
    {
        OtlpMessage[] Lines(string text, int count, int fromMs = 0) => [.. Enumerable.Range(0, count).Select(i => OtlpMessage.Log($"{text} {i}", atMs: fromMs + i))];
        await dashboard.SendAsync("logs", OtlpMessage.Export(_service, "c", Lines("early", 3_000)));
        await using var window = await DashboardWindow.OpenAsync(chromium, dashboard.Host, $"/logs?resource={_service}");
        await Expect(window.Rows("Logs").First).ToContainTextAsync("early 2999");
        (await window.Rows("Logs").CountAsync()).ShouldBeLessThan(100);

        await window.Rows("Logs").Nth(3).HoverAsync();
        await dashboard.SendAsync("logs", OtlpMessage.Export(_service, "c", Lines("late", 37, fromMs: 3_000)));
        await Expect(window.Button("37 new")).ToBeVisibleAsync();
        await Expect(window.Rows("Logs").First).ToContainTextAsync("early 2999");
        await window.Page.Keyboard.PressAsync("n");
        await Expect(window.Rows("Logs").First).ToContainTextAsync("late 36");

        for (var page = 0; page < 3; page++)
            await window.Page.Keyboard.PressAsync("End");
        await Expect(window.Page.GetByText("early 2500", new() { Exact = true })).ToHaveCountAsync(0);
        (await window.Rows("Logs").CountAsync()).ShouldBeLessThan(100);
        window.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task A_trace_is_followed_over_links_its_errors_are_seen_and_its_spans_lead_on()
    {
        var (trace, linked, request) = (OtlpMessage.NewTraceId(), OtlpMessage.NewTraceId(), Guid.NewGuid().ToString());
        await dashboard.SendAsync("traces", OtlpMessage.Export(
            _service, "Web",
            OtlpMessage.Span(trace, "00000000000000a1", "PUT /requests", 0, 20).AddAttributes(9, ("feedback.request.id", request)),
            OtlpMessage.Span(trace, "00000000000000a2", "send", 15, 18, parent: "00000000000000a1")));
        await dashboard.SendAsync("traces", OtlpMessage.Export(
            $"{_service}-stock", "Backend",
            OtlpMessage.Span(linked, "00000000000000b1", "process", 30, 90).Add(13, OtlpMessage.Link(trace, "00000000000000a2")),
            OtlpMessage.Span(linked, "00000000000000b2", "reserve", 35, 80, parent: "00000000000000b1").AddAttributes(9, ("article", "4711"))
                .Add(15, new OtlpMessage().Add(2, "Nothing left").Add(3, 2))));
        await dashboard.SendAsync("logs", OtlpMessage.Export(
            $"{_service}-stock", "Stock", OtlpMessage.Log("stock is empty", severity: 17, atMs: 50).Add(9, Convert.FromHexString(linked)).Add(10, Convert.FromHexString("00000000000000b2"))));
        await using var window = await DashboardWindow.OpenAsync(chromium, dashboard.Host, $"/traces?requestId={request}");

        await window.Rows("Traces").GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(window.Rows("Spans")).ToContainTextAsync([new Regex("PUT /requests"), new Regex("send"), new Regex("process"), new Regex("reserve"), new Regex("stock is empty")]);
        (await window.Link("Request").First.GetAttributeAsync("href"))!.ShouldEndWith($"/admin#{request}");

        await window.Page.Locator("main").FocusAsync();
        await window.Page.Keyboard.PressAsync("e");
        await Expect(window.Details).ToContainTextAsync("Nothing left");
        await Expect(window.Details).ToContainTextAsync("4711");
        await Expect(window.Page).ToHaveURLAsync(new Regex("span=00000000000000b2"));

        // Only what is joined by the link is below the span that sent it.
        await Expect(window.Button("Collapse send")).ToBeVisibleAsync();
        await window.Button("Collapse process").ClickAsync();
        await Expect(window.Rows("Spans")).ToHaveCountAsync(3);
        await Expect(window.Rows("Spans").Nth(2)).ToContainTextAsync("1 bad of 1");
        await window.Page.GetByLabel("Find in the trace").FillAsync("4711");
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Rows("Spans")).ToHaveCountAsync(5);
        await window.Page.GetByLabel("Logs in the trace").SelectOptionAsync("none");
        await Expect(window.Rows("Spans")).ToHaveCountAsync(4);
        await window.ShouldFitAsync();
        window.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task Traces_can_have_their_errors_first()
    {
        OtlpMessage Failed(OtlpMessage span) => span.Add(15, new OtlpMessage().Add(3, 2));
        await dashboard.SendAsync("traces", OtlpMessage.Export(
            _service, "c",
            Failed(OtlpMessage.Span(OtlpMessage.NewTraceId(), OtlpMessage.NewSpanId(), "went wrong", 0, 5)),
            OtlpMessage.Span(OtlpMessage.NewTraceId(), OtlpMessage.NewSpanId(), "went well", 50, 60)));
        await using var window = await DashboardWindow.OpenAsync(chromium, dashboard.Host, $"/traces?resource={_service}");
        await Expect(window.Rows("Traces")).ToContainTextAsync([new Regex("went well"), new Regex("went wrong")]);
        await window.Page.GetByLabel("Errors").SelectOptionAsync("first");
        await Expect(window.Rows("Traces")).ToContainTextAsync([new Regex("went wrong"), new Regex("went well")]);
        await window.Page.GetByLabel("Errors").SelectOptionAsync("true");
        await Expect(window.Rows("Traces")).ToHaveCountAsync(1);
        window.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task A_metric_is_drawn_split_by_its_dimension_and_stands_in_a_table()
    {
        foreach (var (second, value) in new[] { (0L, 10L), (20L, 50L), (40L, 90L) })
            await dashboard.SendAsync("metrics", Counter(second, ("/a", value), ("/b", value / 10)));
        var time = $"from={TimeOf(-10):o}&to={TimeOf(60):o}".Replace("+00:00", "Z", StringComparison.Ordinal);
        await using var window = await DashboardWindow.OpenAsync(chromium, dashboard.Host, $"/metrics?resource={_service}&{time}");

        await window.Link("orders", exact: false).ClickAsync();
        await Expect(window.Page.Locator("path.line")).ToHaveCountAsync(1);
        await window.Page.GetByLabel("Split by").SelectOptionAsync("route");
        await Expect(window.Page.Locator("path.line")).ToHaveCountAsync(2);
        await window.Button("Table").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(["Time", "/a", "/b"]);
        await window.Page.ReloadAsync();
        await Expect(window.Page.GetByRole(AriaRole.Columnheader)).ToHaveCountAsync(3);
        await window.ShouldFitAsync();
        window.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task One_box_finds_everything_and_keys_lead_everywhere()
    {
        var trace = OtlpMessage.NewTraceId();
        await dashboard.SendAsync("traces", OtlpMessage.Export(_service, "c", OtlpMessage.Span(trace, OtlpMessage.NewSpanId(), $"find {_service} here")));
        await dashboard.SendAsync("logs", OtlpMessage.Export(_service, "c", OtlpMessage.Log($"a log of {_service} too")));
        await using var window = await DashboardWindow.OpenAsync(chromium, dashboard.Host);
        await Expect(window.Link("second")).ToBeVisibleAsync();

        await window.Page.Keyboard.PressAsync("/");
        await window.Page.Keyboard.TypeAsync($"{_service} too");
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Link($"a log of {_service} too", exact: false)).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("find", new() { Exact = false }).And(window.Page.GetByRole(AriaRole.Link))).ToHaveCountAsync(0);
        await window.Page.GetByLabel("Search everything").FillAsync(trace);
        await window.Link($"find {_service} here", exact: false).First.ClickAsync();
        await Expect(window.Rows("Spans")).ToHaveCountAsync(1);
        await window.Page.GoBackAsync();
        await Expect(window.Page.GetByLabel("Search everything")).ToHaveValueAsync(trace);

        await window.Page.Locator("main").FocusAsync();
        await window.Page.Keyboard.PressAsync("?");
        await Expect(window.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard" })).ToBeVisibleAsync();
        await window.Page.Keyboard.PressAsync("Escape");
        await window.Page.Keyboard.PressAsync("2");
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Console", Level = 1 })).ToBeVisibleAsync();
        window.ShouldHaveSeenNoErrors();
    }

    private static DateTimeOffset TimeOf(long second) => DateTimeOffset.FromUnixTimeMilliseconds(OtlpMessage.Epoch / 1_000_000 + second * 1_000);

    /// <summary>A cumulative sum with a point for each route.</summary>
    private byte[] Counter(long second, params (string Route, long Value)[] points)
    {
        var sum = new OtlpMessage().Add(2, 2).Add(3, 1);
        foreach (var (route, value) in points)
        {
            sum.Add(1, new OtlpMessage().AddFixed(2, OtlpMessage.Epoch).AddFixed(3, OtlpMessage.Epoch + second * 1_000_000_000).AddFixed(6, value)
                .AddAttributes(7, ("route", route)));
        }

        return OtlpMessage.Export(_service, "Shop", new OtlpMessage().Add(1, "orders").Add(3, "{order}").Add(7, sum));
    }
}
