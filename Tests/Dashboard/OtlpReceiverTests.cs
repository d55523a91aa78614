using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using AspireFeedback.Tests.Support;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

[Collection(SampleDashboardTests.Name)]
public sealed partial class OtlpReceiverTests(SampleDashboard dashboard)
{
    private const string GrpcTraces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task The_exporters_of_OpenTelemetry_reach_it_with_all_three_signals(OtlpExportProtocol protocol)
    {
        var name = $"sdk-{protocol}-{Guid.NewGuid():N}".ToLowerInvariant();
        using var source = new ActivitySource(name);
        using var meter = new Meter(name);
        string traceId;
        using (Sdk.CreateTracerProviderBuilder().AddSource(name).SetResourceBuilder(Resource()).AddOtlpExporter(o => Configure(o, "traces")).Build())
        using (Sdk.CreateMeterProviderBuilder().AddMeter(name).SetResourceBuilder(Resource()).AddOtlpExporter(o => Configure(o, "metrics")).Build())
        using (var logs = LoggerFactory.Create(b => b.AddOpenTelemetry(l => l.SetResourceBuilder(Resource()).AddOtlpExporter(o => Configure(o, "logs")))))
        {
            using var span = source.StartActivity("work")!.SetTag("number", 7);
            traceId = span.TraceId.ToHexString();
            meter.CreateCounter<int>("things", "{thing}").Add(3, new KeyValuePair<string, object?>("color", "red"));
            LogWork(logs.CreateLogger("Some.Category"), 42, new InvalidOperationException("broken"));
        }

        await Eventually.HoldsAsync(async () => (await dashboard.GetAsync($"/api/traces?resource={name}")).GetProperty("matched").GetInt32() == 1);
        var trace = await dashboard.GetAsync($"/api/traces/{traceId}");
        trace.GetProperty("spans")[0].GetProperty("attributes").GetProperty("number").GetString().ShouldBe("7");
        await Eventually.HoldsAsync(async () => (await dashboard.GetAsync($"/api/logs?traceId={traceId}")).GetProperty("matched").GetInt32() == 1);
        var log = (await dashboard.GetAsync($"/api/logs?traceId={traceId}")).GetProperty("items")[0];
        log.GetProperty("category").GetString().ShouldBe("Some.Category");
        log.GetProperty("exception").GetString().ShouldBe("InvalidOperationException: broken");
        await Eventually.HoldsAsync(async () => (await dashboard.GetAsync("/api/metrics")).GetProperty("instruments").EnumerateArray()
            .Any(i => i.GetProperty("resource").GetString() == name && i.GetProperty("name").GetString() == "things"));

        ResourceBuilder Resource() => ResourceBuilder.CreateEmpty().AddService(name, serviceInstanceId: name + "-1");
        void Configure(OtlpExporterOptions options, string signal)
        {
            options.Protocol = protocol;
            options.Headers = $"x-otlp-api-key={dashboard.Address.OtlpApiKey}";
            options.Endpoint = new Uri(protocol == OtlpExportProtocol.Grpc ? dashboard.Address.OtlpGrpcUrl : $"{dashboard.Address.OtlpHttpUrl}/v1/{signal}");
        }
    }

    [Fact]
    public async Task A_body_may_be_compressed()
    {
        var trace = OtlpMessage.NewTraceId();
        using var answer = await PostAsync(Zip(Trace(trace)), content => content.Headers.ContentEncoding.Add("gzip"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-protobuf");
        (await dashboard.GetAsync($"/api/traces/{trace}")).GetProperty("spans").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task What_is_wrong_with_a_body_is_told_by_its_status()
    {
        using var malformed = await PostAsync([0x0A, 0x7F]);
        malformed.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var notZipped = await PostAsync([1, 2, 3], content => content.Headers.ContentEncoding.Add("gzip"));
        notZipped.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var json = await PostAsync("{}"u8.ToArray(), content => content.Headers.ContentType = new("application/json"));
        json.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        // Little on the wire, much in memory.
        using var bomb = await PostAsync(Zip(new byte[17 * 1024 * 1024]), content => content.Headers.ContentEncoding.Add("gzip"));
        bomb.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var stranger = new HttpClient { BaseAddress = new Uri(dashboard.Address.OtlpHttpUrl) };
        using var refused = await stranger.PostAsync(new Uri("/v1/traces", UriKind.Relative), new ByteArrayContent([]), Cancellation);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_gRPC_message_may_be_compressed()
    {
        var trace = OtlpMessage.NewTraceId();
        (await CallAsync(Frame(1, Zip(Trace(trace))), encoding: "gzip")).ShouldBe("0");
        (await dashboard.GetAsync($"/api/traces/{trace}")).GetProperty("spans").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task What_is_wrong_with_a_gRPC_call_is_told_by_its_status()
    {
        (await CallAsync(Frame(0, [0x0A, 0x7F]))).ShouldBe("3");
        (await CallAsync([0, 0, 0])).ShouldBe("3");
        (await CallAsync(Frame(1, [1, 2, 3]))).ShouldBe("3");
        (await CallAsync([0, 0x7F, 0xFF, 0xFF, 0xFF])).ShouldBe("8");
        (await CallAsync(Frame(1, Zip(new byte[17 * 1024 * 1024])), encoding: "gzip")).ShouldBe("8");
        (await CallAsync(Frame(0, []), encoding: "snappy")).ShouldBe("12");
        (await CallAsync(Frame(0, []), path: "/grpc.health.v1.Health/Check")).ShouldBe("12");
        (await CallAsync(Frame(0, []), key: "wrong")).ShouldBe("16");
        (await CallAsync(Frame(0, []))).ShouldBe("0");
    }

    /// <summary>The gRPC status of the call, wherever the answer has it.</summary>
    private async Task<string> CallAsync(byte[] body, string? encoding = null, string path = GrpcTraces, string? key = null)
    {
        using var client = new HttpClient { BaseAddress = new Uri(dashboard.Address.OtlpGrpcUrl) };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.Add("x-otlp-api-key", key ?? dashboard.Address.OtlpApiKey);
        if (encoding is not null)
            request.Headers.Add("grpc-encoding", encoding);
        using var answer = await client.SendAsync(request, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await answer.Content.ReadAsByteArrayAsync(Cancellation);
        return (answer.TrailingHeaders.TryGetValues("grpc-status", out var trailer) ? trailer : answer.Headers.GetValues("grpc-status")).Single();
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] body, Action<HttpContent>? change = null)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf") } };
        change?.Invoke(content);
        return await dashboard.Sender.PostAsync(new Uri("/v1/traces", UriKind.Relative), content, Cancellation);
    }

    private static byte[] Trace(string traceId) => OtlpMessage.Export("foreign", "c", OtlpMessage.Span(traceId, OtlpMessage.NewSpanId(), "zipped"));

    private static byte[] Frame(byte compressed, byte[] message) =>
        [compressed, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message];

    private static byte[] Zip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return zipped.ToArray();
    }

    [LoggerMessage(1, LogLevel.Error, "working on {Number}")]
    private static partial void LogWork(ILogger logger, int number, Exception error);
}
