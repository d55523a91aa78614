using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.ServiceDefaults;

public sealed class HealthEndpointTests
{
    [Fact]
    public async Task A_failing_dependency_takes_the_process_out_of_traffic_but_does_not_call_it_dead()
    {
        await using var app = await TestApp.StartAsync(
            configure: builder => builder.Services.AddHealthChecks().AddCheck("database", () => HealthCheckResult.Unhealthy("away")));
        using var client = app.Client();

        using var health = await client.GetAsync("/health", TestContext.Current.CancellationToken);
        using var alive = await client.GetAsync("/alive", TestContext.Current.CancellationToken);

        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await health.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("Unhealthy");
        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await alive.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("Healthy");
        health.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
    }

    [Fact]
    public async Task In_development_the_reason_is_told()
    {
        await using var app = await TestApp.StartAsync(
            configure: builder => builder.Services.AddHealthChecks()
                .AddCheck("database", () => HealthCheckResult.Unhealthy("away"))
                .AddCheck("broker", () => throw new IOException("refused"))
                .AddCheck("cache", () => HealthCheckResult.Healthy("warm")),
            environment: "Development");
        using var client = app.Client();

        using var health = await client.GetAsync("/health", TestContext.Current.CancellationToken);

        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await health.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("Unhealthy\ndatabase: away\nbroker: refused");
    }

    [Fact]
    public async Task A_check_without_a_timeout_gets_one()
    {
        await using var app = await TestApp.StartAsync(
            configure: builder => builder.Services.AddHealthChecks()
                .AddCheck("patient", () => HealthCheckResult.Healthy())
                .AddCheck("own", () => HealthCheckResult.Healthy(), timeout: TimeSpan.FromSeconds(1)));

        var checks = app.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations;

        checks.Single(check => check.Name == "patient").Timeout.ShouldBe(TimeSpan.FromSeconds(4));
        checks.Single(check => check.Name == "own").Timeout.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Probes_need_no_identity()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseAuthorization();
                app.MapGet("/secret", () => "secret");
            },
            builder =>
            {
                builder.Services.AddAuthentication().AddCookie();
                builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder("Cookies").RequireAuthenticatedUser().Build());
            });
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = app.Address };

        (await client.GetAsync("/secret", TestContext.Current.CancellationToken)).StatusCode.ShouldNotBe(HttpStatusCode.OK);
        (await client.GetAsync("/alive", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
