using System.Net;
using System.Text.Json;
using Aspire.Hosting.Testing;
using AspireFeedback.Tests.EndToEnd;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

/// <summary>The AppHost with its dashboard, and an order that goes over all its services.</summary>
public sealed class WholeSystemTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task The_trace_of_an_order_is_found_by_its_request_with_every_service_in_it_and_leads_back_to_the_request()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(s_limit);
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--Dashboard:Enabled=true"], deadline.Token);
        await using var app = await builder.BuildAsync(deadline.Token);
        await app.StartAsync(deadline.Token);
        foreach (var resource in new[] { "web", "messaging", "payment", "stock", "shipping" })
            await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, deadline.Token);
        var host = (await app.ApplicationRun.DashboardStarted).Host.ShouldNotBeNull();
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = new Uri(host.Address.Url) };
        using var login = await browser.GetAsync(new Uri($"/login?t={host.Token}", UriKind.Relative), deadline.Token);
        async Task<JsonElement> GetAsync(string path) => JsonElement.Parse(await browser.GetStringAsync(new Uri(path, UriKind.Relative), deadline.Token));

        using var person = await Person.ArriveAsync(app.GetEndpoint("web"), deadline.Token);
        var id = Guid.CreateVersion7();
        await person.SubmitAsync(id, "checkout", new { amount = 120, currency = "EUR", items = new[] { new { sku = "lamp", quantity = 2 } } }, deadline.Token);
        var traceId = (await person.UntilAsync(id, "Succeeded", deadline.Token)).GetProperty("traceId").GetString()!;

        await Eventually.PassesAsync(async () =>
        {
            var traces = (await GetAsync($"/api/traces?requestId={id}")).GetProperty("items").EnumerateArray().Select(t => t.GetProperty("traceId").GetString());
            traces.ShouldContain(traceId);
            var spans = (await GetAsync($"/api/traces/{traceId}")).GetProperty("spans").EnumerateArray();
            // Others may be in it: a report that came late is answered by an order to stop, which every backend takes.
            string?[] services = ["payment", "shipping", "stock", "web"];
            services.Except(spans.Select(s => s.GetProperty("resource").GetString())).ShouldBeEmpty();
        });

        (await GetAsync($"/api/logs?requestId={id}")).GetProperty("items").EnumerateArray().Select(l => l.GetProperty("resource").GetString()).ShouldContain("payment");
        (await GetAsync($"/api/search?q={id}")).GetProperty("spans").GetProperty("matched").GetInt32().ShouldBeGreaterThan(3);
        (await GetAsync("/api/metrics")).GetProperty("instruments").EnumerateArray().Select(i => i.GetProperty("name").GetString()).ShouldContain("feedback.runs");
        (await GetAsync("/api/settings")).GetProperty("links")[0].GetProperty("url").GetString().ShouldBe($"{app.GetEndpoint("web").ToString().TrimEnd('/')}/admin#{{value}}");
        var resources = (await GetAsync("/api/resources")).GetProperty("resources").EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!);
        resources["web"].GetProperty("references").EnumerateArray().Select(r => r.GetString()).ShouldBe(["feedback", "redis", "messaging", "admin-key"]);
        var environment = (await GetAsync("/api/resources/web/environment")).GetProperty("variables").EnumerateArray().ToList();
        environment.Where(v => v.GetProperty("secret").GetBoolean()).Select(v => v.GetProperty("name").GetString())
            .ShouldBe(["Admin__Key", "ConnectionStrings__feedback", "ConnectionStrings__messaging", "ConnectionStrings__redis", "OTEL_EXPORTER_OTLP_HEADERS"], ignoreOrder: true);
    }
}
