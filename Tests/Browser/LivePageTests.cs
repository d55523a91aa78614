using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Testing;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Browser;

[Collection(SystemTests.Name)]
public sealed class LivePageTests(RunningSystem system, Chromium chromium)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_window_sees_it_live()
    {
        await using var visitor = await NewVisitorAsync();
        var first = await visitor.OpenAsync();
        var second = await visitor.OpenAsync();

        await first.SendEchoAsync("look here", takes: "5 seconds");

        await Expect(second.Newest()).ToContainTextAsync("Echo: look here");
        await Expect(second.Newest()).ToContainTextAsync("%");
        await Expect(second.Newest()).ToContainTextAsync("Done in");
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task Another_device_of_the_same_person_sees_it_live_and_can_cancel_it()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        await using var elsewhere = await visitor.OnAnotherDeviceAsync();
        var other = await elsewhere.OpenAsync();

        await page.SendEchoAsync("on both", takes: "30 seconds");
        await Expect(other.Newest()).ToContainTextAsync("%");
        await other.Newest().ClickAsync();
        other.RequestId().ShouldBe(page.RequestId());
        await other.PressAsync("Cancel");

        await Expect(page.Status()).ToContainTextAsync("Canceled");
        elsewhere.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task Nobody_else_sees_it()
    {
        await using var visitor = await NewVisitorAsync();
        await using var stranger = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        await page.SendEchoAsync("mine");
        await Expect(page.Status()).ToContainTextAsync("Done in");

        var other = await stranger.OpenAsync($"#{page.RequestId()}");

        await Expect(other.Status()).ToContainTextAsync("Nothing is known under this id");
    }

    [Fact]
    public async Task What_failed_too_often_is_held_and_can_be_tried_again_or_stopped()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        await page.SendEchoAsync("three times", failsFirst: "until it is held");
        await Expect(page.Status()).ToContainTextAsync("Nothing is lost. Try again or stop.");

        await page.PressAsync("Try again");
        await Expect(page.GetByText("Tried again on request")).ToBeVisibleAsync();
        await Expect(page.Status()).ToContainTextAsync("Nothing is lost. Try again or stop.");
        await page.PressAsync("Stop");

        await Expect(page.Status()).ToContainTextAsync("Canceled");
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task Without_a_network_a_request_waits_and_is_sent_when_it_is_back()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        await visitor.Context.SetOfflineAsync(true);
        await page.SendEchoAsync("patience");
        await Expect(page.Status()).ToContainTextAsync("Your request is safe on this device");

        await visitor.Context.SetOfflineAsync(false);

        await Expect(page.Status()).ToContainTextAsync("Done in");
    }

    [Fact]
    public async Task The_page_outlives_every_replica_that_holds_its_connection()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        foreach (var replica in system.App.Replicas("web"))
        {
            await replica.KillAsync(Cancellation);
            try
            {
                await page.StartAnewAsync();
                await page.SendEchoAsync($"without {replica.Index}", takes: "5 seconds");
                await Expect(page.Status()).ToContainTextAsync("Done in");
                await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
            }
            finally
            {
                await replica.StartAsync(Cancellation);
            }
        }
    }

    private async Task<Visitor> NewVisitorAsync()
    {
        var app = await system.StartAsync(Cancellation);
        return await chromium.NewVisitorAsync(app.GetEndpoint("web"), Cancellation);
    }
}
