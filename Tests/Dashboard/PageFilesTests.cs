using System.Net;
using AspireFeedback.LocalAspire.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

/// <summary>The files of the dashboard's page, from the assembly that has them in it.</summary>
public sealed class PageFilesTests : IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private WebApplication? _app;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/api/known", () => "known");
        new PageFiles().Map(_app);
        await _app.StartAsync(Cancellation);
        _client.BaseAddress = new(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/traces/0af7651916cd43dd8448eb211c80319c?span=b7ad6b7169203331")]
    [InlineData("/resources/web.one")]
    public async Task Every_address_of_the_page_is_the_page_and_nothing_foreign_may_run_in_it(string address)
    {
        using var response = await _client.GetAsync(address, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        response.Headers.CacheControl!.NoCache.ShouldBeTrue();
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldNotContain("unsafe");
        var html = await response.Content.ReadAsStringAsync(Cancellation);
        html.ShouldContain("id=\"root\"");
        html.ShouldNotContain("<style");
        html.ShouldNotContain("<script>");
    }

    [Fact]
    public async Task What_has_a_hash_in_its_name_is_kept_and_the_page_is_asked_for_again()
    {
        var html = await _client.GetStringAsync("/", Cancellation);
        var script = html.Split("src=\"")[1].Split('"')[0];
        using var asset = await _client.GetAsync(script, Cancellation);
        asset.StatusCode.ShouldBe(HttpStatusCode.OK);
        asset.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        asset.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromDays(365));

        using var first = await _client.GetAsync("/", Cancellation);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await _client.SendAsync(again, Cancellation);
        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/v1/traces")]
    [InlineData("/assets/index-gone.js")]
    public async Task What_is_no_address_of_the_page_is_not_there(string address)
    {
        using var response = await _client.GetAsync(address, Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_call_keeps_its_address()
    {
        (await _client.GetStringAsync("/api/known", Cancellation)).ShouldBe("known");
        using var posted = await _client.PostAsync("/resources", null, Cancellation);
        posted.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
