using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Xunit;

namespace AspireFeedback.Tests.ServiceDefaults;

/// <summary>A web application with the service defaults on a loopback port, and the spans that it would have exported.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Exporter _exporter;

    private TestApp(WebApplication app, Exporter exporter) => (_app, _exporter) = (app, exporter);

    public IServiceProvider Services => _app.Services;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<TestApp> StartAsync(
        Action<WebApplication>? map = null,
        Action<WebApplicationBuilder>? configure = null,
        string environment = "Production",
        params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        // What the hosts of many tests say about their lives would drown what one test has to say.
        builder.Configuration["Logging:Console:LogLevel:Default"] = "Error";
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddServiceDefaults();
        var exporter = new Exporter();
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(exporter)));
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, exporter);
    }

    public HttpClient Client() => new() { BaseAddress = Address };

    /// <summary>A client as the application itself would get it: with resilience and service discovery.</summary>
    public HttpClient FactoryClient() => Services.GetRequiredService<IHttpClientFactory>().CreateClient("test");

    /// <summary>The exported spans of one trace, as soon as there is one that matches.</summary>
    public async Task<IReadOnlyList<Activity>> SpansAsync(ActivityTraceId trace, Func<Activity, bool> until)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(10));
        while (true)
        {
            var spans = Spans(trace);
            if (spans.Any(until))
                return spans;
            await Task.Delay(10, deadline.Token);
        }
    }

    public IReadOnlyList<Activity> Spans(ActivityTraceId trace) => [.. _exporter.Spans.Where(span => span.TraceId == trace)];

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private sealed class Exporter : BaseExporter<Activity>
    {
        public ConcurrentQueue<Activity> Spans { get; } = new();

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
                Spans.Enqueue(span);
            return ExportResult.Success;
        }
    }
}

internal static class Tracing
{
    /// <summary>Sends with a sampled parent of the test's own, so that its spans are told from all others by their trace.</summary>
    public static async Task<(HttpResponseMessage Response, ActivityTraceId Trace)> SendTracedAsync(
        this HttpClient client, HttpMethod method, string path)
    {
        var trace = ActivityTraceId.CreateRandom();
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        return (await client.SendAsync(request, TestContext.Current.CancellationToken), trace);
    }
}
