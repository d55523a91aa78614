using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.ServiceDefaults;

public sealed class ServiceDiscoveryTests
{
    [Theory]
    [InlineData("http://web/a%2Fb/c?q=1%202")]
    [InlineData("https+http://web/a%2Fb/c?q=1%202")]
    public async Task A_service_is_called_by_its_name(string uri)
    {
        await using var target = await Target("target");
        await using var app = await TestApp.StartAsync(settings: [("services:web:http:0", target.Address.ToString())]);
        using var client = app.FactoryClient();

        var answer = await client.GetStringAsync(new Uri(uri), TestContext.Current.CancellationToken);

        answer.ShouldBe("target /a%2Fb/c?q=1%202");
    }

    [Fact]
    public async Task A_relative_address_below_a_named_base_is_resolved_too()
    {
        await using var target = await Target("target");
        await using var app = await TestApp.StartAsync(settings: [("services:web:http:0", target.Address.Authority)]);
        using var client = app.FactoryClient();
        client.BaseAddress = new Uri("https+http://web");

        (await client.GetStringAsync("/x", TestContext.Current.CancellationToken)).ShouldBe("target /x");
    }

    [Fact]
    public async Task Requests_spread_over_all_endpoints()
    {
        await using var first = await Target("first");
        await using var second = await Target("second");
        await using var app = await TestApp.StartAsync(
            settings: [("services:web:http:0", first.Address.ToString()), ("services:web:http:1", second.Address.ToString())]);
        using var client = app.FactoryClient();
        var answers = new HashSet<string>();

        for (var i = 0; i < 200 && answers.Count < 2; i++)
            answers.Add(await client.GetStringAsync(new Uri("http://web/"), TestContext.Current.CancellationToken));

        answers.ShouldBe(["first /", "second /"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_retry_may_go_to_another_endpoint()
    {
        await using var alive = await Target("alive");
        // Nothing listens on port 1: every other choice is refused at once.
        await using var app = await TestApp.StartAsync(settings:
        [
            ("services:web:http:0", "http://127.0.0.1:1"),
            ("services:web:http:1", alive.Address.ToString()),
            ("HttpResilience:MaxRetries", "10"),
            ("HttpResilience:RetryDelay", "00:00:00.001"),
            ("HttpResilience:MinimumThroughput", "10000"),
        ]);
        using var client = app.FactoryClient();

        for (var i = 0; i < 20; i++)
            (await client.GetStringAsync(new Uri("http://web/"), TestContext.Current.CancellationToken)).ShouldBe("alive /");
    }

    [Fact]
    public async Task An_address_that_is_no_service_stays_as_it_is()
    {
        await using var target = await Target("target");
        await using var app = await TestApp.StartAsync(settings: [("services:web:http:0", "http://127.0.0.1:1")]);
        using var client = app.FactoryClient();

        (await client.GetStringAsync(new Uri(target.Address, "/x"), TestContext.Current.CancellationToken)).ShouldBe("target /x");
    }

    private static Task<TestApp> Target(string name) =>
        TestApp.StartAsync(app => app.MapFallback((HttpContext context) =>
            $"{name} {context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget}"));
}
