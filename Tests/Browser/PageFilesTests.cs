using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Browser;

/// <summary>How the page's files are sent: under a strict policy, compressed once and for all, and kept where their name tells their content.</summary>
public sealed partial class PageFilesTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_file_comes_under_a_policy_that_knows_no_inline_script_and_no_other_host()
    {
        await using var web = await PageReplica.StartAsync(postgres);
        using var browser = web.Browser();
        var html = await browser.GetStringAsync("/", Cancellation);
        Script().Count(html).ShouldBe(Source().Count(html), "an inline script");
        html.ShouldNotContain("style=");
        foreach (var path in (string[])["/", "/index.html", "/admin.html", "/icon.svg", .. Asset().Matches(html).Select(match => match.Value)])
        {
            using var answer = await browser.GetAsync(path, Cancellation);
            answer.EnsureSuccessStatusCode();
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("default-src 'none'", Case.Sensitive, path);
            policy.ShouldContain("script-src 'self'");
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldNotContain("unsafe");
            policy.ShouldNotContain("http");
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            answer.Headers.CacheControl!.ToString().ShouldContain(path.StartsWith("/assets/", StringComparison.Ordinal) ? "immutable" : "no-cache");
        }
    }

    [Fact]
    public async Task Text_comes_compressed_to_who_takes_that_and_as_it_is_to_who_does_not()
    {
        await using var web = await PageReplica.StartAsync(postgres);
        using var browser = web.Browser();
        var script = Asset().Matches(await browser.GetStringAsync("/", Cancellation)).Select(match => match.Value).First(path => path.EndsWith(".js", StringComparison.Ordinal));
        var plain = await browser.GetByteArrayAsync(script, Cancellation);
        foreach (var (accept, isCompressed) in (ReadOnlySpan<(string, bool)>)[("gzip, br", true), ("br;q=0, gzip", false), ("identity", false)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, script);
            request.Headers.Add("Accept-Encoding", accept);
            using var answer = browser.Send(request, Cancellation);

            answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
            answer.Headers.Vary.ShouldContain("Accept-Encoding");
            answer.Content.Headers.ContentEncoding.ShouldBe(isCompressed ? ["br"] : [], accept);
            using var body = answer.Content.ReadAsStream(Cancellation);
            using var bytes = new MemoryStream();
            using Stream unpacked = isCompressed ? new BrotliStream(body, CompressionMode.Decompress) : body;
            unpacked.CopyTo(bytes);
            bytes.ToArray().ShouldBe(plain);
        }
    }

    [Fact]
    public async Task The_page_learns_what_no_request_tells()
    {
        await using var web = await PageReplica.StartAsync(postgres, new() { ["Files:MaxBytes"] = "5000", ["Dashboard:Url"] = "https://traces.example" });
        using var browser = web.Browser();
        var settings = JsonElement.Parse(await browser.GetStringAsync("/page.json", Cancellation));
        settings.GetProperty("maxFileBytes").GetInt64().ShouldBe(5000);
        // Only developers know the dashboard, unless it is said that owners may.
        settings.TryGetProperty("traceUrl", out _).ShouldBeFalse();
    }

    [GeneratedRegex("<script")]
    private static partial Regex Script();

    [GeneratedRegex("<script[^>]* src=\"/")]
    private static partial Regex Source();

    [GeneratedRegex("/assets/[^\"]+")]
    private static partial Regex Asset();
}
