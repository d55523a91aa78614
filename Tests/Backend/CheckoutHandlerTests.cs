using System.Text.Json;
using AspireFeedback.Backend.Checkout;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

/// <summary>Questions and hops, tested without broker and without host: a run that ends early says how.</summary>
public sealed class CheckoutHandlerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_small_payment_goes_on_to_the_warehouse()
    {
        var context = new RecordingContext { AttemptNumber = 2 };

        var forwarded = (await PayAsync(500, context)).ShouldBeOfType<RunForwarded>();

        forwarded.Kind.ShouldBe("checkout-stock");
        var stock = forwarded.Message.Deserialize<StockRequest>(FeedbackJson.Options)!;
        (stock.Order.Amount, stock.FirstAttempt).ShouldBe((500, 2));
        stock.Payment.ShouldContain(context.CorrelationId.ToString("n"));
    }

    [Fact]
    public async Task A_second_run_has_the_same_payment()
    {
        var context = new RecordingContext();
        var first = (RunForwarded)await PayAsync(1, context);
        var second = (RunForwarded)await PayAsync(1, context);
        JsonElement.DeepEquals(first.Message, second.Message).ShouldBeTrue();
    }

    [Fact]
    public async Task A_large_payment_is_asked_for_before_anything_is_done()
    {
        var context = new RecordingContext();
        var asked = (await PayAsync(500.01m, context)).ShouldBeOfType<RunAsked>();
        (asked.Key, asked.Question).ShouldBe(("approval", "Pay 500.01 EUR?"));
        context.Reports.ShouldBeEmpty();
    }

    [Fact]
    public async Task With_the_approval_it_goes_on() => (await PayAsync(900, Answered(true))).ShouldBeOfType<RunForwarded>();

    [Fact]
    public async Task Without_the_approval_it_ends()
    {
        var refused = (await PayAsync(900, Answered(false))).ShouldBeOfType<RunFailed>();
        (refused.Error.Type, refused.Permanent).ShouldBe(("/problems/not-approved", true));
    }

    [Theory]
    [InlineData(3, 3, false)]
    [InlineData(3, 4, false)]
    [InlineData(3, 5, true)]
    public async Task A_busy_warehouse_is_worth_another_attempt(int first, int now, bool succeeds)
    {
        var outcome = await ReserveAsync("busy-2", first, now);
        if (succeeds)
            outcome.ShouldBeOfType<RunForwarded>().Kind.ShouldBe("checkout-shipping");
        else
            outcome.ShouldBeOfType<RunFailed>().Permanent.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_sold_out_is_not()
    {
        var refused = (await ReserveAsync("sold-out", 1, 1)).ShouldBeOfType<RunFailed>();
        (refused.Error.Type, refused.Permanent).ShouldBe(("/problems/sold-out", true));
    }

    [Fact]
    public async Task Shipping_gives_the_result_of_all()
    {
        var context = new RecordingContext { HopNumber = 3 };
        var result = await new ShippingHandler(TimeProvider.System).HandleAsync(new(Order(10, "lamp"), "p", "r"), context, Cancellation);
        result.ShouldBe(new("p", "r", $"parcel-{context.CorrelationId:n}"));
    }

    private static Task<RunOutcome> PayAsync(decimal amount, RecordingContext context) =>
        context.RunAsync(new PaymentHandler(TimeProvider.System), Order(amount, "lamp"), Cancellation);

    private static Task<RunOutcome> ReserveAsync(string sku, int first, int now) => new RecordingContext { AttemptNumber = now, HopNumber = 2 }
        .RunAsync(new StockHandler(TimeProvider.System), new(Order(10, sku), "p", first), Cancellation);

    private static RecordingContext Answered(bool approved)
    {
        var context = new RecordingContext();
        context.Answers["approval"] = JsonSerializer.SerializeToElement(new Approval(approved), FeedbackJson.Options);
        return context;
    }

    private static CheckoutRequest Order(decimal amount, string sku) => new(amount, "EUR", [new(sku, 1)]);
}
