using Aspire.Hosting.Testing;
using AspireFeedback.Tests.EndToEnd;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AspireFeedback.Tests.Browser;

/// <summary>An order, and the question in its middle, on the page.</summary>
[Collection(SystemTests.Name)]
public sealed class OrderTests(RunningSystem system, Chromium chromium)
{
    [Theory]
    [InlineData("Yes", "Done in")]
    [InlineData("No", "The payment was not approved.")]
    public async Task A_large_order_asks_and_ends_as_one_answers(string answer, string end)
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        await OrderAsync(page, "620", "has it");
        await Expect(page.Status()).ToContainTextAsync("Pay 620 EUR?");
        await Expect(page.Newest()).ToContainTextAsync("Pay 620 EUR?");

        await page.PressAsync(answer);

        await Expect(page.Status()).ToContainTextAsync(end);
        await Expect(page.GetByText("Answered")).ToBeVisibleAsync();
        visitor.ShouldHaveSeenNoErrors();
    }

    [Fact]
    public async Task A_question_can_be_left_open_and_answered_on_another_device()
    {
        await using var visitor = await NewVisitorAsync();
        var page = await visitor.OpenAsync();
        await OrderAsync(page, "620", "does not answer once");
        await Expect(page.Status()).ToContainTextAsync("The work waits for your answer.");
        await using var elsewhere = await visitor.OnAnotherDeviceAsync();
        var other = await elsewhere.OpenAsync($"#{page.RequestId()}");

        await other.PressAsync("Yes");

        await Expect(page.Status()).ToContainTextAsync("Done in");
        await Expect(page.GetByText("The warehouse did not answer.")).ToBeVisibleAsync();
        (await page.EventTypesAsync()).Count(type => type == "input-provided").ShouldBe(1);
        visitor.ShouldHaveSeenNoErrors();
    }

    private static async Task OrderAsync(IPage page, string amount, string warehouse)
    {
        await page.GetByText("Place an order").ClickAsync();
        await page.GetByLabel("Amount in EUR").FillAsync(amount);
        await page.GetByLabel("The warehouse").SelectOptionAsync(new SelectOptionValue { Label = warehouse });
        await page.PressAsync("Order");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"Checkout: {amount} EUR" })).ToBeVisibleAsync();
    }

    private async Task<Visitor> NewVisitorAsync()
    {
        var app = await system.StartAsync(TestContext.Current.CancellationToken);
        return await chromium.NewVisitorAsync(app.GetEndpoint("web"), TestContext.Current.CancellationToken);
    }
}
