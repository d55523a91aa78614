using System.Security.Claims;
using System.Text.Encodings.Web;
using AspireFeedback.Contracts;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace AspireFeedback.Tests.Feedback;

/// <summary>One Web instance with nothing but the live feed, on Kestrel. The owner is what a header says.</summary>
internal sealed class FeedbackInstance : IAsyncDisposable
{
    private const string OwnerHeader = "X-Owner";

    private readonly WebApplication _app;

    private FeedbackInstance(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public LiveFeed Feed => _app.Services.GetRequiredService<LiveFeed>();

    public OwnerChannels Channels => _app.Services.GetRequiredService<OwnerChannels>();

    public RedisBackplane Backplane => _app.Services.GetRequiredService<RedisBackplane>();

    public IServiceProvider Services => _app.Services;

    public static async Task<FeedbackInstance> StartAsync(IRequestLog log, string? redis = null, Action<IConfigurationManager>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration["ConnectionStrings:redis"] = redis;
        configure?.Invoke(builder.Configuration);
        builder.Services.AddRouting().AddLogging().AddSingleton(log).AddSingleton(new KindCatalog(Kinds.All));
        builder.Services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("header", null);
        builder.Services.AddAuthorizationBuilder().AddPolicy(Owner.Policy, policy => policy.RequireClaim(Owner.ClaimType));
        builder.AddFeedback();
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapFeedback();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    public HttpClient ClientOf(Guid owner) => new() { BaseAddress = Address, DefaultRequestHeaders = { { OwnerHeader, owner.ToString() } } };

    public Task<HubClient> HubOf(Guid owner) => HubClient.ConnectAsync(
        new UriBuilder(Address) { Scheme = "ws", Path = "/feedback" }.Uri,
        options => options.SetRequestHeader(OwnerHeader, owner.ToString()),
        TestContext.Current.CancellationToken);

    public async Task AnnounceAsync(params Announcement[] batch) => await Feed.AnnounceAsync(batch, TestContext.Current.CancellationToken);

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class HeaderAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers[OwnerHeader] is not [{ } owner])
                return Task.FromResult(AuthenticateResult.NoResult());
            var identity = new ClaimsIdentity([new Claim(Owner.ClaimType, owner)], Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Scheme.Name)));
        }
    }
}
