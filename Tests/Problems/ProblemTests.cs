using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AspireFeedback.Contracts;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.ProblemPages;

public sealed class ProblemTests(TwoReplicas web) : IClassFixture<TwoReplicas>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Answers => [.. ProblemCatalog.All.Where(type => type.Status is not null).Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Every_refusal_is_a_problem_with_its_status(string name)
    {
        using var script = web.A.Script();
        // Who waits for events is told why there are none.
        script.DefaultRequestHeaders.Accept.ParseAdd("text/event-stream");
        var type = ProblemCatalog.Find(name)!;

        using var response = await script.GetAsync($"/refused/{name}", Cancellation);

        var problem = await response.ShouldBeProblemAsync((HttpStatusCode)type.Status!, name);
        problem.GetProperty("detail").GetString().ShouldBe("this time");
        problem.GetProperty("errors").EnumerateObject().Select(field => field.Name).ShouldBe(["payload.a", "payload.b"]);
        problem.GetProperty("traceId").GetString()!.ShouldMatch("^[0-9a-f]{32}$");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        if (type.Status is 429 or 503)
            response.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_broken_body_says_where_it_breaks()
    {
        var problem = await (await PostAsync("{\"text\": \"a\",\n nonsense}")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-json");
        problem.GetProperty("detail").GetString().ShouldBe("Line 2, byte 2.");
    }

    [Fact]
    public async Task A_body_of_another_type_is_a_415() =>
        await (await PostAsync("text", "text/plain")).ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");

    [Fact]
    public async Task An_outage_is_a_503_to_be_tried_again()
    {
        using var script = web.A.Script();
        using var response = await script.GetAsync("/outage", Cancellation);
        await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "log-unavailable");
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_defect_tells_its_trace_and_nothing_else()
    {
        using var script = web.A.Script();
        using var response = await script.GetAsync("/defect", Cancellation);
        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.InternalServerError, "internal-error");
        problem.EnumerateObject().Select(member => member.Name).ShouldBe(["type", "title", "status", "traceId"], ignoreOrder: true);
    }

    [Fact]
    public async Task Unknown_addresses_and_methods_are_problems()
    {
        using var script = web.A.Script();
        await (await script.GetAsync("/no/such/address", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
        using var wrong = await script.GetAsync("/echo", Cancellation);
        await wrong.ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        wrong.Content.Headers.Allow.ShouldBe(["POST"]);
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string type = "application/json")
    {
        using var script = web.A.Script();
        return await script.PostAsync("/echo", new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type)), Cancellation);
    }
}

public sealed partial class ProblemPageTests(TwoReplicas web) : IClassFixture<TwoReplicas>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IReadOnlyList<KindProblem> OfKinds => [.. Kinds.All.SelectMany(kind => kind.Problems).Distinct()];

    [Fact]
    public void Every_problem_that_is_made_has_a_page_and_every_page_is_of_a_problem_that_is_made()
    {
        var sources = string.Join('\n', Sources("Web").Concat(Sources("Backend")).Concat(Sources("Contracts")).Select(File.ReadAllText));

        MadeByName().Matches(sources).Select(made => made.Groups[1].Value).ShouldBeSubsetOf(ProblemCatalog.All.Select(type => type.Name));
        // Besides where it is explained.
        ProblemCatalog.All.Where(type => Regex.Count(sources, $"\"(/problems/)?{type.Name}\"") < 2).ShouldBeEmpty();
        var properties = typeof(KindProblems).GetProperties().Select(property => property.GetValue(null)).Cast<KindProblem>();
        OfKinds.ShouldBe(properties, ignoreOrder: true);
    }

    public static IEnumerable<TheoryDataRow<string, string, string>> Pages =>
    [
        .. ProblemCatalog.All.Select(type => new TheoryDataRow<string, string, string>(type.Name, type.Title, type.Description)),
        .. OfKinds.Select(problem => new TheoryDataRow<string, string, string>(problem.Name, problem.Title, problem.Description)),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_type_of_every_problem_is_a_page_for_people(string name, string title, string description)
    {
        using var browser = web.A.Script();
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

        using var page = await browser.GetAsync(Problem.Of(name, title).Type, Cancellation);
        var html = await page.Content.ReadAsStringAsync(Cancellation);

        page.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        html.ShouldContain(WebUtility.HtmlEncode(title));
        html.ShouldContain(WebUtility.HtmlEncode(description));
        html.ShouldNotContain("<script");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
    }

    [Fact]
    public async Task Programs_get_the_same_as_json()
    {
        using var script = web.A.Script();
        script.DefaultRequestHeaders.Accept.ParseAdd("application/json");

        using var one = await script.GetAsync("/problems/id-reused", Cancellation);
        one.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var problem = JsonSerializer.Deserialize<JsonElement>(await one.Content.ReadAsStringAsync(Cancellation));
        problem.GetProperty("type").GetString().ShouldBe("/problems/id-reused");
        problem.GetProperty("status").GetInt32().ShouldBe(422);

        var all = JsonSerializer.Deserialize<JsonElement>(await script.GetStringAsync("/problems", Cancellation));
        all.GetArrayLength().ShouldBe(ProblemCatalog.All.Count + OfKinds.Count);
        await (await script.GetAsync("/problems/no-such", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    private static IEnumerable<string> Sources(string project, [CallerFilePath] string here = "") =>
        Directory.EnumerateFiles(Path.GetFullPath($"../../../{project}", here), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal));

    [GeneratedRegex(@"(?:Problem\.Of\(\s*""|Problems\.(?:Result|Details)\(\s*""|""/problems/)([a-z-]+)""")]
    private static partial Regex MadeByName();
}
