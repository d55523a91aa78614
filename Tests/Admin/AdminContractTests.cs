using System.Net;
using System.Text.Json;
using AspireFeedback.Tests.Identity;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.OpenApi;
using Microsoft.AspNetCore.Builder;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Admin;

public sealed class AdminContractTests(PostgresServer postgres)
{
    [Fact]
    public async Task Every_endpoint_is_described_and_what_only_refuses_is_not()
    {
        await using var web = await AdminReplica.StartAsync(
            await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken),
            builder => builder.Services.AddFeedbackOpenApi(),
            app => app.MapOpenApi("/openapi/v1.json"));
        using var script = web.Script();

        var paths = (await script.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");

        var described = paths.EnumerateObject().Where(path => path.Name.StartsWith("/admin/requests", StringComparison.Ordinal) || path.Name == "/admin/session")
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Call: $"{operation.Name} {path.Name}", operation.Value))).ToArray();
        described.Select(operation => operation.Call).ShouldBe(
        [
            "get /admin/session", "post /admin/session", "delete /admin/session", "get /admin/requests", "get /admin/requests/{id}", "delete /admin/requests/{id}",
            "get /admin/requests/{id}/result", "get /admin/requests/{id}/events", "get /admin/requests/{id}/state", "post /admin/requests/{id}/retry",
        ], ignoreOrder: true);
        foreach (var (call, operation) in described)
        {
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty(call);
            operation.GetProperty("tags")[0].GetString().ShouldBe("Admin", call);
            foreach (var answer in operation.GetProperty("responses").EnumerateObject().Where(answer => answer.Value.TryGetProperty("content", out _)))
            {
                var json = answer.Value.GetProperty("content").EnumerateObject().First().Value;
                (json.TryGetProperty("example", out _) || json.TryGetProperty("examples", out _)).ShouldBeTrue($"{call} {answer.Name} has an example");
            }
        }

        Parameters(described.Single(operation => operation.Call == "get /admin/requests").Value).ShouldBe(
            ["status", "held", "stalled", "kind", "owner", "minAge", "maxAge", "error", "limit", "cursor"], ignoreOrder: true);
        var session = described.Single(operation => operation.Call == "post /admin/session").Value.GetProperty("responses");
        session.EnumerateObject().Select(answer => answer.Name).Where(status => status[0] == '2').ShouldBe(["204"]);
        foreach (var age in described.Single(operation => operation.Call == "get /admin/requests").Value.GetProperty("parameters").EnumerateArray()
            .Where(parameter => parameter.GetProperty("name").GetString()!.EndsWith("Age", StringComparison.Ordinal)))
            age.GetProperty("schema").GetProperty("type").GetString().ShouldBe("integer", "whole seconds, as the search reads them");
        paths.EnumerateObject().ShouldNotContain(path => path.Name.Contains("rest", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_is_nobody_cannot_send_large_keys()
    {
        await using var web = await AdminReplica.StartAsync(await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken));
        using var script = web.Script();
        await (await Person.PostAsync(script, "/admin/session", new { key = new string('x', 20_000) })).ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    private static string[] Parameters(JsonElement operation) =>
        [.. operation.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()!)];
}
