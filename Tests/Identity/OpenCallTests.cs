using System.Net;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Feedback;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

/// <summary>Calls that last end with what let them in, whatever they say about themselves.</summary>
public sealed class OpenCallTests(LiveReplicas web) : IClassFixture<LiveReplicas>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_stream_that_asked_for_nothing_ends_with_its_token_at_every_replica()
    {
        using var browser = web.A.Browser();
        await browser.MeAsync();
        var token = (await browser.TokensAsync()).AccessToken;
        using var atA = await StreamAsync(web.A, token);
        using var atB = await StreamAsync(web.B, token);

        (await browser.DeleteAsync("/me/tokens", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await EndsAsync(atA);
        await EndsAsync(atB);
    }

    [Fact]
    public async Task A_page_of_another_site_opens_no_event_stream_whatever_it_accepts()
    {
        using var browser = web.A.Browser();
        await browser.MeAsync();
        foreach (var accept in new[] { null, "*/*", "application/json" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/me/events") { Headers = { { "Origin", "https://evil.example" } } };
            if (accept is not null)
                request.Headers.Add("Accept", accept);
            using var refused = await browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden-origin");
        }
    }

    [Fact]
    public async Task A_call_that_waits_for_a_request_ends_with_its_token()
    {
        using var browser = web.A.Browser();
        var me = await browser.MeAsync();
        var request = await web.SubmitAsync(me.Id);
        using var script = web.B.Script((await browser.TokensAsync()).AccessToken);
        using var wait = new HttpRequestMessage(HttpMethod.Get, $"/requests/{request}") { Headers = { { "Prefer", "wait=60" } } };
        var waiting = script.SendAsync(wait, Cancellation);
        await Eventually.HoldsAsync(() => web.B.Services.GetRequiredService<OwnerChannels>().Has(me.Id), "the call waits");

        await browser.DeleteAsync("/me/tokens", Cancellation);

        await Should.ThrowAsync<HttpRequestException>(waiting.WaitAsync(Eventually.Deadline, Cancellation));
    }

    private static async Task<Stream> StreamAsync(WebReplica replica, string token)
    {
        var script = replica.Script(token);
        script.DefaultRequestHeaders.Accept.ShouldBeEmpty();
        var response = await script.GetAsync("/me/events", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return await response.Content.ReadAsStreamAsync(Cancellation);
    }

    private static async Task EndsAsync(Stream stream) => await Should.ThrowAsync<IOException>(async () =>
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        var buffer = new byte[1024];
        while (await stream.ReadAsync(buffer, deadline.Token) > 0)
        {
        }
    });
}
