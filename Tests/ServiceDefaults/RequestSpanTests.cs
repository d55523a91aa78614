using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.ServiceDefaults;

public sealed class RequestSpanTests
{
    [Fact]
    public async Task A_request_span_has_name_route_status_and_path()
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/things/{id}", (string id) => Results.Text(id, statusCode: 203)));
        using var client = app.Client();

        var (_, trace) = await client.SendTracedAsync(HttpMethod.Get, "/things/7");

        var span = (await app.SpansAsync(trace, IsServer)).Single(IsServer);
        span.DisplayName.ShouldBe("GET /things/{id}");
        span.GetTagItem("http.route").ShouldBe("/things/{id}");
        span.GetTagItem("http.response.status_code").ShouldBe(203);
        span.GetTagItem("http.request.method").ShouldBe("GET");
        span.GetTagItem("url.path").ShouldBe("/things/7");
        span.Status.ShouldBe(ActivityStatusCode.Unset);
        span.Source.Name.ShouldBe("Microsoft.AspNetCore");
    }

    [Fact]
    public async Task A_request_without_a_route_is_named_by_its_method_alone()
    {
        await using var app = await TestApp.StartAsync();
        using var client = app.Client();

        var (_, trace) = await client.SendTracedAsync(HttpMethod.Get, "/nowhere");

        var span = (await app.SpansAsync(trace, IsServer)).Single();
        span.DisplayName.ShouldBe("GET");
        span.GetTagItem("http.response.status_code").ShouldBe(404);
        span.Status.ShouldBe(ActivityStatusCode.Unset);
    }

    [Theory]
    [InlineData("Production", false)]
    [InlineData("Production", true)]
    // Here the host puts its exception page around everything that the application adds.
    [InlineData("Development", false)]
    public async Task An_exception_is_on_the_span_whoever_answers_for_it(string environment, bool handler)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                if (handler)
                    app.UseExceptionHandler();
                app.MapGet("/fails/{id}", void (string id) => throw new InvalidOperationException("no good " + id));
            },
            builder => builder.Services.AddProblemDetails(),
            environment);
        using var client = app.Client();

        var (response, trace) = await client.SendTracedAsync(HttpMethod.Get, "/fails/1");

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var span = (await app.SpansAsync(trace, IsServer)).Single();
        span.DisplayName.ShouldBe("GET /fails/{id}");
        span.GetTagItem("http.response.status_code").ShouldBe(500);
        span.GetTagItem("error.type").ShouldBe("System.InvalidOperationException");
        span.Status.ShouldBe(ActivityStatusCode.Error);
        var recorded = span.Events.Where(e => e.Name == "exception").ShouldHaveSingleItem();
        recorded.Tags.ShouldContain(tag => tag.Key == "exception.message" && Equals(tag.Value, "no good 1"));
    }

    [Fact]
    public async Task A_server_error_without_an_exception_is_an_error_too()
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/busy", () => Results.StatusCode(503)));
        using var client = app.Client();

        var (_, trace) = await client.SendTracedAsync(HttpMethod.Get, "/busy");

        var span = (await app.SpansAsync(trace, IsServer)).Single();
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.GetTagItem("error.type").ShouldBe("503");
    }

    [Fact]
    public async Task A_client_that_leaves_is_not_an_error()
    {
        var entered = new TaskCompletionSource();
        await using var app = await TestApp.StartAsync(app => app.MapGet("/slow", async (CancellationToken token) =>
        {
            entered.SetResult();
            await Task.Delay(TimeSpan.FromMinutes(1), token);
        }));
        using var client = app.Client();
        using var leave = new CancellationTokenSource();
        var trace = ActivityTraceId.CreateRandom();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/slow");
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

        var sent = client.SendAsync(request, leave.Token);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(sent);

        var span = (await app.SpansAsync(trace, IsServer)).Single();
        span.Status.ShouldBe(ActivityStatusCode.Unset);
        span.GetTagItem("http.response.status_code").ShouldBe(499);
    }

    [Fact]
    public async Task Probes_and_what_they_cause_are_not_traced()
    {
        using var source = new ActivitySource("AspireFeedback.Tests.Probe");
        await using var app = await TestApp.StartAsync(
            app => app.MapGet("/other", () =>
            {
                using var ping = source.StartActivity("ping");
            }),
            builder => builder.Services.AddHealthChecks().AddCheck("ping", () =>
            {
                using var ping = source.StartActivity("ping");
                return ping is null ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy();
            }));
        using var client = app.Client();

        var (health, healthTrace) = await client.SendTracedAsync(HttpMethod.Get, "/health");
        var (alive, aliveTrace) = await client.SendTracedAsync(HttpMethod.Get, "/alive");
        var (_, otherTrace) = await client.SendTracedAsync(HttpMethod.Get, "/other");

        health.StatusCode.ShouldBe(HttpStatusCode.OK);
        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.SpansAsync(otherTrace, IsServer)).Count.ShouldBe(2);
        app.Spans(healthTrace).ShouldBeEmpty();
        app.Spans(aliveTrace).ShouldBeEmpty();
    }

    private static bool IsServer(Activity span) => span.Kind == ActivityKind.Server;
}
