using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Dashboard.Access;
using AspireFeedback.LocalAspire.Dashboard.Api;
using AspireFeedback.LocalAspire.Dashboard.Http;
using AspireFeedback.LocalAspire.Dashboard.Otlp;
using AspireFeedback.LocalAspire.Dashboard.Recording;
using AspireFeedback.LocalAspire.Dashboard.Resources;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AspireFeedback.LocalAspire.Dashboard;

/// <summary>The dashboard, or why there is none.</summary>
internal sealed record DashboardStart(DashboardHost? Host, string? Failure);

/// <summary>The dashboard of a run, in the process of the AppHost: receives, keeps and shows. It has no say in the run: what fails here stays here.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ResourceLog _log;
    private readonly OtlpReceiver _receiver;
    private readonly WebApplication _app;
    private readonly Task _loops;

    private DashboardHost(ApplicationRun run, DashboardAddress address, IConfiguration configuration)
    {
        var data = run.Data!;
        _log = new ResourceLog(data.Of("logs", "dashboard.log"));
        Token = data.Secrets.GetOrGenerate("dashboard-token");
        Address = address;

        var requestIds = new RequestIds(RequestIds.Default);
        var archive = new RunArchive(data.Of("telemetry"), requestIds);
        var info = RunInfo.New(DateTime.UtcNow);
        var store = new TelemetryStore(requestIds);
        var console = new LiveConsole(run);
        var recorder = new RunRecorder(
            archive.PathOf(info.Id), info, n => console.After(n, null), () => (store.Logs.Count, store.Traces.Spans), _log.Add);
        Shown = new DashboardRun(run, info, store, archive, recorder);
        _receiver = new OtlpReceiver(store, recorder.Offer);
        var usage = new ProcessUsage(run.Instances);
        var resources = new ResourceDocuments(run, usage);

        _app = Build(address);
        var access = new BrowserAccess(Token, address.Port);
        var gate = new Gate(address, access);
        _app.Use(next => context => Refusals.HandleAsync(context, inner => gate.PassAsync(inner, next), _log));
        new LoginPage(access).Map(_app);
        new OtlpGrpc(_receiver).Map(_app);
        new OtlpHttp(_receiver).Map(_app);
        new SettingsEndpoints(Shown, address, new RequestLinks(configuration, run.Resources)).Map(_app);
        new ResourceEndpoints(resources, new EnvironmentDocuments(run, new SecretMask(run)), new ResourceCommandService(run), _stopping.Token).Map(_app);
        new TelemetryEndpoints(Shown).Map(_app);
        new MetricEndpoints(Shown).Map(_app);
        new ConsoleEndpoints(Shown).Map(_app);
        new SearchEndpoint(Shown).Map(_app);
        new ExportEndpoint(Shown).Map(_app);
        new LiveEndpoint(Shown, resources, usage, _stopping.Token).Map(_app);
        new PageFiles().Map(_app);
        // Where Aspire's dashboard shows a trace: links that were made for that one lead here too.
        _app.MapGet("/traces/detail/{traceId}", context =>
        {
            context.Response.Redirect($"/traces/{Uri.EscapeDataString((string)context.Request.RouteValues["traceId"]!)}{context.Request.QueryString}");
            return Task.CompletedTask;
        });
        _loops = Task.WhenAll(resources.WatchAsync(_stopping.Token), Task.Run(RecordAsync));

        async Task RecordAsync()
        {
            // Before this run has a directory, which would count as one of the earlier ones.
            try
            {
                archive.Prune();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _log.Add($"Earlier runs cannot be removed: {e.Message}");
            }

            await recorder.RunAsync(_stopping.Token);
        }
    }

    public DashboardAddress Address { get; }

    public string Token { get; }

    public DashboardRun Shown { get; }

    /// <summary>The line that Aspire prints too, which IDEs look for.</summary>
    public string LoginLine => $"Login to the dashboard at {Address.Url}/login?t={Token}";

    public static async Task<DashboardStart> StartAsync(
        ApplicationRun run, DashboardAddress address, IConfiguration configuration, CancellationToken cancellationToken)
    {
        DashboardHost? host = null;
        try
        {
            host = new(run, address, configuration);
            await host._app.StartAsync(cancellationToken);
            return new(host, null);
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException or OperationCanceledException)
        {
            if (host is not null)
                await host.DisposeAsync();
            return new(null, $"There is no dashboard: {e.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The streams first: the server waits for what is under way.
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        await _loops;
        _receiver.Dispose();
        _log.Dispose();
        _stopping.Dispose();
    }

    // Empty but for the server and routing: no configuration files, no console log, and a start of a few hundredths of a second.
    private WebApplication Build(DashboardAddress address)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "dashboard", EnvironmentName = "Production" });
        builder.Services.AddRoutingCore();
        builder.Logging.AddProvider(new DashboardLog(_log)).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = OtlpBody.MaxBytes + 64;
            kestrel.ListenLocalhost(address.Port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.ListenLocalhost(address.OtlpHttpPort, listen => listen.Protocols = HttpProtocols.Http1);
            // Without TLS nothing is negotiated: gRPC's HTTP/2 needs a port of its own.
            kestrel.ListenLocalhost(address.OtlpGrpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        return builder.Build();
    }
}
