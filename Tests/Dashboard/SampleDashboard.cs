using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Dashboard;
using AspireFeedback.LocalAspire.Runtime;
using AspireFeedback.Tests.LocalAspire;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

[CollectionDefinition(Name)]
public sealed class SampleDashboardTests : ICollectionFixture<SampleDashboard>
{
    public const string Name = "dashboard of the sample";
}

/// <summary>The dashboard of a small run: two replicas of the sample server, a secret, and nothing else that would take time to start.</summary>
public sealed class SampleDashboard : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private DistributedApplication? _app;
    private DashboardHost? _host;

    internal DashboardAddress Address => _host!.Address;

    internal DashboardHost Host => _host!;

    public DistributedApplication App => _app!;

    /// <summary>A browser that has logged in.</summary>
    public HttpClient Browser { get; private set; } = new();

    /// <summary>A sender of telemetry with the key for it.</summary>
    public HttpClient Sender { get; private set; } = new();

    public async ValueTask InitializeAsync()
    {
        using var limit = new CancellationTokenSource(s_limit);
        var builder = DistributedApplicationTestingBuilder.Create("--Dashboard:Enabled=true", "--Dashboard:Links:feedback.request.id=Request {sample}/admin#{value}");
        var key = builder.AddParameter("admin-key", secret: true);
        var sample = builder.AddProject<SampleProject>("sample").WithReplicas(2).WithHttpHealthCheck("/health")
            .WithEnvironment("Admin__Code", key).WithEnvironment("PLAIN", "seen").WithEnvironment("Some__Token", "t0p")
            .WithEnvironment("ConnectionStrings__x", "Host=h;Password=hush");
        builder.AddProject<SampleProject>("second").WithReference(sample).WaitFor(sample);
        _app = await builder.BuildAsync(limit.Token);
        await _app.StartAsync(limit.Token);
        var start = await _app.ApplicationRun.DashboardStarted;
        _host = start.Host ?? throw new InvalidOperationException(start.Failure);
        Browser = await LoggedInAsync(limit.Token);
        Sender = new() { BaseAddress = new Uri(Address.OtlpHttpUrl) };
        Sender.DefaultRequestHeaders.Add("x-otlp-api-key", Address.OtlpApiKey);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("second", limit.Token);
    }

    public async Task<HttpClient> LoggedInAsync(CancellationToken cancellationToken)
    {
        var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(Address.Url) };
        using var answer = await browser.GetAsync(new Uri($"/login?t={_host!.Token}", UriKind.Relative), cancellationToken);
        return answer.StatusCode == HttpStatusCode.Redirect ? browser : throw new InvalidOperationException($"{answer.StatusCode}");
    }

    /// <summary>Sends an export over HTTP and returns when it was taken.</summary>
    public async Task SendAsync(string signal, byte[] export)
    {
        using var content = new ByteArrayContent(export) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf") } };
        using var answer = await Sender.PostAsync(new Uri($"/v1/{signal}", UriKind.Relative), content, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await Browser.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {text}");
    }

    public async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        using var answer = await Browser.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        Sender.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
