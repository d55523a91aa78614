using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Tests.Admin;
using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Browser;

/// <summary>What the page shows of requests and does with them, over a log that the tests write.</summary>
public sealed class RequestPageTests(PostgresServer postgres, Chromium chromium)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_worker_writes_is_read_as_it_comes_in_its_order_until_the_result_is_there()
    {
        await using var web = await PageReplica.StartAsync(postgres);
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        var page = await visitor.OpenAsync();
        var id = await web.AcceptAsync(owner: await page.OwnerAsync());
        await page.EvaluateAsync("id => { location.hash = id; }", id.ToString());
        var output = page.GetByRole(AriaRole.Region, new() { Name = "What it writes" });

        var run = await web.RunAsync(id, new RunReport { Output = [new(0, "Once upon ")] });
        await Expect(output).ToContainTextAsync("Once upon");
        await web.ReportAsync(id, run, new() { Output = [new(2, "there was")] });
        await web.ReportAsync(id, run, new() { Output = [new(1, "a time ")] });
        await Expect(output).ToContainTextAsync("Once upon a time there was");
        await web.ReportAsync(id, run, Given.Succeeded("""{"parcelNumber":"P 1","fragile":true}"""));

        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Result" })).ToContainTextAsync("Parcel number");
        await Expect(output).ToHaveCountAsync(0);
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download the result" }).ClickAsync());
        download.SuggestedFilename.ShouldBe("Echo-hi.result.json");
        JsonElement.Parse(await File.ReadAllTextAsync(await download.PathAsync(), Cancellation)).GetProperty("parcelNumber").GetString().ShouldBe("P 1");
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task A_double_click_runs_it_again_once_and_stops_nothing()
    {
        await using var web = await PageReplica.StartAsync(postgres);
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        var page = await visitor.OpenAsync();
        await page.GetByText("Send an echo").ClickAsync();
        await page.GetByLabel("Text").FillAsync("twice?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).DblClickAsync();
        await Expect(page.Status()).ToContainTextAsync(PageActions.Waiting);
        var first = page.RequestId();
        (await DocumentsAsync(page)).Single().GetProperty("id").GetGuid().ShouldBe(first);
        await web.RunAsync(first, Given.Succeeded("""{"text":"twice?"}"""));

        await page.GetByRole(AriaRole.Button, new() { Name = "Run it again" }).DblClickAsync();
        await Expect(page.Status()).ToContainTextAsync(PageActions.Waiting);

        var second = page.RequestId();
        second.ShouldNotBe(first);
        var documents = await DocumentsAsync(page);
        documents.Select(document => document.GetProperty("id").GetGuid()).ShouldBe([second, first]);
        documents[0].TryGetProperty("cancelRequestedAt", out _).ShouldBeFalse();
        (await PayloadAsync(page, second)).ShouldBe(await PayloadAsync(page, first));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Echo: twice?" })).ToBeVisibleAsync();
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_told_so_before_anything_is_sent_and_the_others_go()
    {
        await using var web = await PageReplica.StartAsync(postgres, new() { ["Files:MaxBytes"] = "1000" });
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        var page = await visitor.OpenAsync();
        await Expect(page.GetByText("up to 1.0 kB each")).ToBeVisibleAsync();
        var sent = 0;
        page.Request += (_, request) => sent += request.Method == "PUT" && request.Url.Contains("/files/", StringComparison.Ordinal) ? 1 : 0;

        await page.GetByLabel("CSV files").SetInputFilesAsync(new FilePayload[]
        {
            new() { Name = "large.csv", MimeType = "text/csv", Buffer = new byte[2_000] },
            new() { Name = "small.csv", MimeType = "text/csv", Buffer = "a,b\n1,2\n"u8.ToArray() },
            new() { Name = "other.csv", MimeType = "text/csv", Buffer = "a,b\n1,2\n"u8.ToArray() },
        });

        await Expect(page.GetByText("Not sent, since a file may have 1.0 kB at most: large.csv (2.0 kB).")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "small.csv" })).ToBeVisibleAsync();
        await Expect(page.Entries()).ToHaveCountAsync(2);
        await Expect(page.Status()).ToContainTextAsync(PageActions.Waiting);
        sent.ShouldBe(2);
        visitor.ShouldHaveSeenNoErrors();
    }

    [Theory]
    [InlineData("true", 1)]
    [InlineData("false", 0)]
    public async Task A_request_leads_to_its_trace_where_owners_may_look_at_traces(string forOwners, int links)
    {
        await using var web = await PageReplica.StartAsync(postgres, new() { ["Dashboard:Url"] = "http://localhost:15100/", ["Dashboard:ForOwners"] = forOwners });
        await using var visitor = await chromium.NewVisitorAsync(web.Url, Cancellation);
        var page = await visitor.OpenAsync();
        var id = await web.AcceptAsync(owner: await page.OwnerAsync());
        await page.EvaluateAsync("id => { location.hash = id; }", id.ToString());
        await Expect(page.GetByText("Ends by itself on")).ToBeVisibleAsync();

        var link = page.GetByRole(AriaRole.Link, new() { Name = "Open the trace" });
        await Expect(link).ToHaveCountAsync(links);
        if (links > 0)
            (await link.GetAttributeAsync("href")).ShouldBe("http://localhost:15100/traces/detail/0af7651916cd43dd8448eb211c80319c");
        visitor.ShouldHaveSeenNoErrors();
    }

    private static async Task<JsonElement[]> DocumentsAsync(IPage page) =>
        [.. (await page.EvaluateAsync<JsonElement>("async () => (await (await fetch('/requests')).json()).requests")).EnumerateArray()];

    private static async Task<string> PayloadAsync(IPage page, Guid id) =>
        await page.EvaluateAsync<string>("async id => JSON.stringify((await (await fetch(`/requests/${id}/events`)).json()).events[0].data.payload)", id.ToString());
}
