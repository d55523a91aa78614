using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.ServiceDefaults;

public sealed class HttpResilienceTests : IAsyncDisposable
{
    private static readonly (string, string)[] Patient =
    [
        ("HttpResilience:RetryDelay", "00:00:00.001"),
        ("HttpResilience:MinimumThroughput", "10"),
        ("HttpResilience:BreakDuration", "00:05:00"),
    ];

    private static readonly (string, string)[] Quick =
    [
        .. Patient,
        ("HttpResilience:AttemptTimeout", "00:00:00.500"),
        ("HttpResilience:TotalTimeout", "00:00:01.000"),
    ];

    private readonly ConcurrentQueue<string> _seen = new();
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();
    private TestApp? _server;

    [Fact]
    public async Task A_read_is_repeated_until_it_works()
    {
        using var client = await ClientAsync(Status(503), Status(429), Status(500), Status(200));

        using var response = await client.GetAsync("/", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        _seen.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_read_that_never_works_ends_with_the_last_answer()
    {
        using var client = await ClientAsync(Status(503), Status(503), Status(503), Status(502), Status(200));

        using var response = await client.GetAsync("/", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task An_answer_that_is_no_outage_is_not_repeated()
    {
        using var client = await ClientAsync(Status(404), Status(200));

        using var response = await client.GetAsync("/", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task What_changes_something_is_sent_once(string method)
    {
        using var client = await ClientAsync(Status(503), Status(200));
        using var request = new HttpRequestMessage(new(method), "/") { Content = JsonContent.Create(new { a = 1 }) };

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        _seen.ShouldBe([$"{method} /"]);
    }

    [Fact]
    public async Task A_read_that_hangs_is_tried_again()
    {
        using var client = await ClientAsync(Quick, Hang, Status(200));

        using var response = await client.GetAsync("/", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        _seen.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_hangs_for_ever_ends_with_the_total_timeout()
    {
        using var client = await ClientAsync(Quick, [.. Enumerable.Repeat<Func<HttpContext, Task>>(Hang, 10)]);

        await Should.ThrowAsync<TimeoutRejectedException>(client.GetAsync("/", TestContext.Current.CancellationToken));
        await Should.ThrowAsync<TimeoutRejectedException>(client.PostAsync("/", content: null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_server_is_given_the_pause_that_it_asks_for()
    {
        using var client = await ClientAsync(
            context =>
            {
                context.Response.Headers.RetryAfter = "3600";
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            },
            Status(200));

        using var response = await client.GetAsync("/", TestContext.Current.CancellationToken);

        // An hour is more than a request waits: the answer is passed on instead of asking again too early.
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_host_that_only_fails_is_left_alone_for_a_while()
    {
        using var client = await ClientAsync([.. Enumerable.Repeat(Status(500), 100)]);

        for (var i = 0; i < 10; i++)
            (await client.PostAsync("/", content: null, TestContext.Current.CancellationToken)).Dispose();

        await Should.ThrowAsync<BrokenCircuitException>(client.PostAsync("/", content: null, TestContext.Current.CancellationToken));
        _seen.Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_body_that_streams_longer_than_every_timeout_arrives_whole_and_as_it_comes()
    {
        var goOn = new SemaphoreSlim(0);
        using var client = await ClientAsync(Quick, async context =>
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            for (var i = 0; i < 3; i++)
            {
                await goOn.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync("part", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });

        using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var part = new byte[4];
        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(500, TestContext.Current.CancellationToken);
            goOn.Release();
            await body.ReadExactlyAsync(part, TestContext.Current.CancellationToken);
        }

        (await body.ReadAsync(part, TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    [Fact]
    public async Task An_upload_that_streams_longer_than_every_timeout_is_not_cut_off()
    {
        using var client = await ClientAsync(Quick, context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted));
        var pipe = new System.IO.Pipelines.Pipe();
        using var content = new StreamContent(pipe.Reader.AsStream());

        var sent = client.PutAsync("/", content, TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(500, TestContext.Current.CancellationToken);
            await pipe.Writer.WriteAsync("part"u8.ToArray(), TestContext.Current.CancellationToken);
        }
        await pipe.Writer.CompleteAsync();

        (await sent).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private Task<HttpClient> ClientAsync(params Func<HttpContext, Task>[] answers) => ClientAsync(Patient, answers);

    private async Task<HttpClient> ClientAsync((string, string)[] settings, params Func<HttpContext, Task>[] answers)
    {
        foreach (var answer in answers)
            _answers.Enqueue(answer);
        _server = await TestApp.StartAsync(
            app => app.MapFallback("/", async context =>
            {
                _seen.Enqueue($"{context.Request.Method} {context.Request.Path}");
                _answers.TryDequeue(out var answer).ShouldBeTrue();
                await answer!(context);
            }),
            settings: settings);
        var client = _server.FactoryClient();
        client.BaseAddress = _server.Address;
        return client;
    }

    private static Func<HttpContext, Task> Status(int code) => context =>
    {
        context.Response.StatusCode = code;
        return Task.CompletedTask;
    };

    private static Task Hang(HttpContext context) => Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted);
}
