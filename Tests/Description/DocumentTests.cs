using System.Text.Json;
using AspireFeedback.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Description;

/// <summary><c>/openapi/v1.json</c> by itself: whole, and with examples that are right.</summary>
public sealed class DocumentTests(PostgresServer postgres)
{
    private static readonly string[] Areas = ["requests", "me", "files", "problems"];

    /// <summary>Doors that only the tests' replica has, and what is no HTTP API: the hub and the document.</summary>
    private static readonly string[] Others = ["owned", "admin", "echo", "outage", "defect", "refused", "feedback", "openapi"];

    private static readonly string[] RightSubmits =
    [
        """{"kind":"echo","payload":{"text":"hello","steps":3}}""",
        """{"kind":"echo","payload":{"text":"hello"},"deadline":"2030-01-31T09:30:00Z"}""",
        """{"kind":"checkout","payload":{"amount":1,"currency":"EUR","items":[{"sku":"a","quantity":1}]}}""",
        """{"kind":"csv-profile","payload":{"file":"8a3f0c5e-2f6b-4c1d-9e7a-5b8c1d2e3f40"}}""",
    ];

    private static readonly string[] WrongSubmits =
    [
        """{"kind":"echo","payload":{"amount":1,"currency":"EUR","items":[{"sku":"a","quantity":1}]}}""",
        """{"kind":"echo","payload":{"text":"hello","steps":-1}}""",
        """{"kind":"checkout","payload":{"amount":1,"currency":"euro","items":[{"sku":"a","quantity":1}]}}""",
        """{"kind":"checkout","payload":{"amount":1,"currency":"EURO","items":[{"sku":"a","quantity":1}]}}""",
        """{"kind":"csv-profile","payload":{"file":7}}""",
        """{"kind":"checkout","payload":{"amount":1,"currency":"EUR","items":[]}}""",
        """{"kind":"checkout","payload":{"amount":1,"currency":"EUR","items":[{"sku":"","quantity":1}]}}""",
        """{"kind":"checkout-stock","payload":{}}""",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_is_described_and_nothing_else()
    {
        await using var web = await StartAsync();
        var api = await DescribedApi.ReadAsync(web);

        var mapped = web.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (Path: "/" + endpoint.RoutePattern.RawText!.Trim('/'), Methods: endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []))
            .ToArray();

        mapped.Select(route => AreaOf(route.Path)).Distinct().ShouldBeSubsetOf([.. Areas, .. Others], "an area that nobody has described");
        api.Operations.Where(operation => Areas.Contains(AreaOf(operation.Path))).Select(operation => $"{operation.Method.ToUpperInvariant()} {operation.Path}").ShouldBe(
            mapped.Where(route => Areas.Contains(AreaOf(route.Path))).SelectMany(route => route.Methods.Select(method => $"{method} {route.Path}")), ignoreOrder: true);
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_takes_and_answers()
    {
        await using var web = await StartAsync();
        var api = await DescribedApi.ReadAsync(web);
        var missing = new List<string>();
        foreach (var (path, method, operation) in api.Operations)
        {
            var name = $"{method} {path}";
            Need(name, operation, "summary", "operationId", "tags", "responses");
            foreach (var parameter in operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : [])
                Need($"{name} {parameter.GetProperty("name")}", parameter, "description", "schema");
            if (operation.TryGetProperty("requestBody", out var body))
                NeedExamples($"{name} body", body.GetProperty("content"));
            foreach (var response in operation.GetProperty("responses").EnumerateObject())
            {
                Need($"{name} {response.Name}", response.Value, "description");
                if (response.Value.TryGetProperty("content", out var content))
                    NeedExamples($"{name} {response.Name}", content);
            }
        }

        missing.ShouldBeEmpty();

        void Need(string where, JsonElement element, params string[] members) =>
            missing.AddRange(members.Where(member => !element.TryGetProperty(member, out _)).Select(member => $"{where}: {member}"));

        void NeedExamples(string where, JsonElement content)
        {
            foreach (var media in content.EnumerateObject().Where(media => media.Name is not ("application/octet-stream" or "text/html")))
            {
                if (!media.Value.TryGetProperty("example", out _) && !media.Value.TryGetProperty("examples", out _))
                    missing.Add($"{where} {media.Name}: example");
            }
        }
    }

    [Fact]
    public async Task Every_example_fits_its_schema()
    {
        await using var web = await StartAsync();
        var api = await DescribedApi.ReadAsync(web);
        var checkedExamples = 0;
        foreach (var (path, method, operation) in api.Operations)
        {
            var media = operation.GetProperty("responses").EnumerateObject().Select(response => response.Value)
                .Concat(operation.TryGetProperty("requestBody", out var body) ? [body] : [])
                .Where(holder => holder.TryGetProperty("content", out _))
                .SelectMany(holder => holder.GetProperty("content").EnumerateObject());
            foreach (var (name, type) in media.Select(one => (one.Name, one.Value)))
            {
                foreach (var example in ExamplesOf(type))
                {
                    api.Errors(type.GetProperty("schema"), example).ShouldBeEmpty($"{method} {path} {name}");
                    checkedExamples++;
                }
            }
        }

        checkedExamples.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task A_submit_is_described_as_its_kind_takes_it()
    {
        await using var web = await StartAsync();
        var api = await DescribedApi.ReadAsync(web);
        var submit = api.Operations.Single(operation => operation.Operation.GetProperty("operationId").GetString() == "SubmitRequest").Operation;
        var schema = submit.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");

        foreach (var body in RightSubmits)
            api.Errors(schema, JsonElement.Parse(body)).ShouldBeEmpty(body);
        foreach (var body in WrongSubmits)
            api.Errors(schema, JsonElement.Parse(body)).ShouldNotBeEmpty(body);
    }

    private static IEnumerable<JsonElement> ExamplesOf(JsonElement media)
    {
        if (media.TryGetProperty("example", out var one))
            yield return one;
        foreach (var named in media.TryGetProperty("examples", out var many) ? many.EnumerateObject() : [])
            yield return named.Value.GetProperty("value");
    }

    private static string AreaOf(string path) => path.TrimStart('/').Split('/')[0];

    private async Task<WebReplica> StartAsync() => await ContractReplica.StartAsync(await postgres.CreateDatabaseAsync(Cancellation));
}
