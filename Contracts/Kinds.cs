namespace AspireFeedback.Contracts;

/// <summary>All kinds of this application, by name.</summary>
public static class Kinds
{
    private static readonly KindPolicy s_hop = KindPolicy.Default with { FirstBackoff = TimeSpan.FromSeconds(1), Takeover = true };

    public static Kind<EchoRequest, EchoResult> Echo { get; } = new("echo", new() { FirstBackoff = TimeSpan.FromSeconds(1), Takeover = true })
    {
        Problems = [KindProblems.EchoFailed],
    };

    public static Kind<CsvProfileRequest, CsvProfileResult> CsvProfile { get; } = new("csv-profile", KindPolicy.Default) { Problems = [KindProblems.CsvRefused] };

    /// <summary>Payment, the first hop of an order.</summary>
    public static Kind<CheckoutRequest, CheckoutResult> Checkout { get; } = new("checkout", s_hop) { Problems = [KindProblems.NotApproved] };

    public static Kind<StockRequest, CheckoutResult> CheckoutStock { get; } = new("checkout-stock", s_hop with { Internal = true })
    {
        Problems = [KindProblems.SoldOut, KindProblems.WarehouseBusy],
    };

    public static Kind<ShippingRequest, CheckoutResult> CheckoutShipping { get; } = new("checkout-shipping", s_hop with { Internal = true });

    public static IReadOnlyList<Kind> All { get; } = [Echo, CsvProfile, Checkout, CheckoutStock, CheckoutShipping];
}
