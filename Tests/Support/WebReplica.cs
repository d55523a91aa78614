using System.Net;
using System.Net.Sockets;
using AspireFeedback.Contracts;
using AspireFeedback.Tests.Log;
using AspireFeedback.Web;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Files;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using AspireFeedback.Web.OpenApi;
using AspireFeedback.Web.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AspireFeedback.Tests.Support;

/// <summary>
/// One replica of Web's doors (problems, identity, files) on a port of its own, with a few endpoints to knock at; live, it has the requests and
/// their feed too, without the broker.
/// </summary>
internal sealed class WebReplica : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebReplica(WebApplication app)
    {
        _app = app;
        Url = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public const string AdminKey = "the key of the tests";

    public Uri Url { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<WebReplica> StartAsync(
        string connectionString, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null, bool live = false, string? redis = null,
        LogImplementation? log = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection([new("Admin:Key", AdminKey), new("ConnectionStrings:redis", redis)]);
        // Without any logger there would be no activity, and so no trace id.
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Critical);
        // Tests pause in the middle of a body, for longer than Kestrel bears with.
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MinRequestBodyDataRate = null);
        log ??= LogImplementation.Postgres;
        if (live)
            log.AddTo(builder.Services, connectionString);
        else
            builder.Services.AddSingleton(_ => PostgresLogSetup.Connect(connectionString));
        builder.Services.AddSingleton(new KindCatalog(Kinds.All));
        builder.AddFeedbackProblems();
        builder.AddFeedbackIdentity();
        builder.AddFeedbackFiles();
        if (live)
        {
            builder.Services.AddRequests();
            builder.AddFeedback();
            builder.Services.AddFeedbackOpenApi();
        }

        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseFeedbackProblems();
        app.UseFeedbackIdentity();
        app.MapProblems();
        app.MapIdentity();
        app.MapFiles();
        app.MapMethods("/owned", ["GET", "POST", "PUT", "DELETE"], () => TypedResults.Ok()).RequireAuthorization(Owner.Policy);
        if (live)
        {
            app.MapRequests();
            app.MapFeedback();
            app.MapOpenApi("/openapi/v1.json");
        }
        else
        {
            app.MapMethods("/feedback", ["GET", "CONNECT"], () => TypedResults.Ok()).RequireAuthorization(Owner.Policy).StaysOpen();
        }

        app.MapGet("/admin/secrets", () => TypedResults.Ok()).RequireAuthorization(Web.Identity.AdminKey.Policy);
        app.MapPost("/echo", (EchoRequest body) => body);
        app.MapGet("/outage", IResult () => throw new LogUnavailableException("PostgreSQL cannot be reached.", new IOException()));
        app.MapGet("/defect", IResult () => throw new InvalidOperationException("a secret of the house"));
        app.MapGet("/refused/{name}", (string name) => Problems.Result(name, "this time", [new("payload.b", ["wrong"]), new("payload.a", ["worse"])]));
        map?.Invoke(app);
        if (live)
            await log.PrepareAsync(app.Services, TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    /// <summary>A browser: keeps cookies and follows no redirect. Cookies know no ports, so that one jar serves all replicas.</summary>
    public HttpClient Browser(CookieContainer cookies) =>
        new(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>One that calls from another address of this machine.</summary>
    public HttpClient BrowserFrom(IPAddress address) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectCallback = async (call, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            await socket.ConnectAsync(call.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = Url,
        Timeout = TimeSpan.FromSeconds(60),
    };

    public HttpClient Browser() => Browser(new CookieContainer());

    /// <summary>Without cookies, as scripts and workers call.</summary>
    public HttpClient Script(string? bearer = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(60) };
        if (bearer is not null)
            client.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
