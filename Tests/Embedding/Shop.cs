using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Text.Encodings.Web;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using AspireFeedback.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace AspireFeedback.Tests.Embedding;

internal sealed record Order([property: StringLength(40)] string Item, IReadOnlyList<FileRef>? Drawings = null);

internal sealed record Made(string Item, long DrawnBytes);

internal sealed class Workshop : IRequestHandler<Order, Made>
{
    public async Task<Made> HandleAsync(Order request, HandlerContext context, CancellationToken cancellationToken)
    {
        context.Report(50, "Half of it is done");
        var bytes = 0L;
        foreach (var drawing in request.Drawings ?? [])
        {
            await using var file = await context.OpenFileAsync(drawing, cancellationToken);
            bytes += file.Length;
        }

        return new(request.Item, bytes);
    }
}

/// <summary>Somebody else's application, with users, errors and JSON of its own, that has taken both parts of the system into itself: a web server and a worker.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly IHost _worker;

    private Shop(WebApplication web, IHost worker) => (_web, _worker) = (web, worker);

    public static async Task<Shop> OpenAsync(string database, string broker, Kind<Order, Made> kind)
    {
        var web = BuildWeb(database, broker, kind);
        var worker = BuildWorker(broker, kind);
        await web.StartAsync(TestContext.Current.CancellationToken);
        await worker.StartAsync(TestContext.Current.CancellationToken);
        return new(web, worker);
    }

    public HttpClient ClientOf(string? user)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new(_web.Urls.Single()), Timeout = TimeSpan.FromSeconds(70) };
        if (user is not null)
            client.DefaultRequestHeaders.Add(Staff.Header, user);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync();
        _worker.Dispose();
        await _web.StopAsync();
        await _web.DisposeAsync();
    }

    private static WebApplication BuildWeb(string database, string broker, Kind kind)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        var url = $"http://127.0.0.1:{FreePort()}";
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Critical);
        builder.Configuration.AddInMemoryCollection(
            [new("ConnectionStrings:shop", database), new("ConnectionStrings:amqp", broker), new("Feedback:FilesUrl", url)]);
        builder.Services.AddAuthentication(Staff.Scheme).AddScheme<AuthenticationSchemeOptions, Staff>(Staff.Scheme, null);
        builder.Services.AddAuthorizationBuilder().AddPolicy("owner", policy => policy.RequireClaim("sub"));

        builder.AddRequestFeedback(feedback =>
        {
            feedback.Kinds.Add(kind);
            feedback.DatabaseConnectionName = "shop";
            feedback.DatabaseSchema = "work";
            feedback.BrokerConnectionName = "amqp";
            feedback.RedisConnectionName = null;
            feedback.RoutePrefix = "/work";
            feedback.IdentifyBy(user => user.FindFirstValue("sub"));
        });

        var app = builder.Build();
        app.MapRequestFeedback();
        app.MapGet("/price", (string? currency) => new Price(currency, 12));
        app.MapPost("/orders", (HttpContext context) => context.User.Identity?.Name).RequireAuthorization("owner");
        app.MapGet("/defect", IResult () => throw new InvalidOperationException("the shop's own"));
        return app;
    }

    private static IHost BuildWorker(string broker, Kind kind)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:amqp", broker)]);
        builder.AddRequestHandling(handling =>
        {
            handling.BrokerConnectionName = "amqp";
            handling.Add<Workshop>(kind, concurrency: 2, TimeSpan.FromMinutes(1));
        });
        return builder.Build();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal sealed record Price(string? Currency, int Amount);

    /// <summary>The shop's authentication: a gateway in front of it names the user. It has a claim that could be taken for one of ours.</summary>
    private sealed class Staff(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public const string Header = "X-Staff";
        public new const string Scheme = "staff";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers[Header] is not [{ } user])
                return Task.FromResult(AuthenticateResult.NoResult());
            var identity = new ClaimsIdentity([new("sub", user), new(ClaimTypes.Name, user), new("owner", Guid.Empty.ToString())], Scheme);
            return Task.FromResult(AuthenticateResult.Success(new(new(identity), Scheme)));
        }

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            Response.Redirect("/the-shops-login");
            return Task.CompletedTask;
        }
    }
}
