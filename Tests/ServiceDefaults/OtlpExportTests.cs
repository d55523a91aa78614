using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.ServiceDefaults;

public sealed partial class OtlpExportTests
{
    [Fact]
    public async Task Traces_metrics_and_logs_reach_the_collector_under_the_name_of_the_service()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await TestApp.StartAsync(app => app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
            // Strings are plain bytes in protobuf: enough to see who sends and what, without its message types.
            received.AddOrUpdate(signal, Text(body), (_, before) => before + Text(body));
        }));

        await using (var app = await TestApp.StartAsync(
            app => app.MapGet("/work/{id}", (string id, ILogger<OtlpExportTests> logger) =>
            {
                using var scope = logger.BeginScope("request {RequestId}", "scope-" + id);
                LogWork(logger, id);
            }),
            settings:
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.ToString()),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("OTEL_SERVICE_NAME", "the-service"),
                ("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=the-replica"),
            ]))
        {
            using var client = app.Client();
            (await client.GetAsync("/work/42", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }

        // Stopping the application has flushed it.
        received.Keys.ShouldBe(["traces", "metrics", "logs"], ignoreOrder: true);
        foreach (var text in received.Values)
        {
            text.ShouldContain("the-service");
            text.ShouldContain("the-replica");
        }
        received["traces"].ShouldContain("GET /work/{id}");
        received["metrics"].ShouldContain("http.server.request.duration");
        received["metrics"].ShouldContain("dotnet.gc.collections");
        received["logs"].ShouldContain("working on 42");
        received["logs"].ShouldContain("scope-42");
    }

    private static string Text(MemoryStream body) => Encoding.Latin1.GetString(body.ToArray());

    [LoggerMessage(1, LogLevel.Information, "working on {Id}")]
    private static partial void LogWork(ILogger logger, string id);
}
