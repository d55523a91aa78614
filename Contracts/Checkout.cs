using System.ComponentModel.DataAnnotations;

namespace AspireFeedback.Contracts;

/// <summary>An order that is paid, reserved and shipped: three hops, and a question before a large payment.</summary>
/// <param name="Amount">In units of the currency.</param>
/// <param name="Currency">ISO 4217, for example <c>EUR</c>.</param>
/// <param name="Items">The SKU <c>sold-out</c> cannot be had; <c>busy-2</c> is to be had from the third try on.</param>
public sealed record CheckoutRequest(
    [property: Range(typeof(decimal), "0.01", "1000000", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)] decimal Amount,
    [property: RegularExpression("[A-Z]{3}", ErrorMessage = "A currency is three capital letters, for example EUR.")] string Currency,
    [property: Length(1, 100)] IReadOnlyList<CheckoutItem> Items);

public sealed record CheckoutItem([property: StringLength(64, MinimumLength = 1)] string Sku, [property: Range(1, 1_000)] int Quantity);

/// <param name="Payment">The number that the payment has with its provider.</param>
/// <param name="Reservation">The number that the goods have in the warehouse.</param>
/// <param name="Parcel">The number to follow the parcel by.</param>
public sealed record CheckoutResult(string Payment, string Reservation, string Parcel);

/// <summary>The answer to the question before a large payment.</summary>
public sealed record Approval(bool Approved);

/// <summary>From payment to stock.</summary>
/// <param name="FirstAttempt">The attempt that came here first: what a pretended failure counts from.</param>
public sealed record StockRequest(CheckoutRequest Order, string Payment, int FirstAttempt);

/// <summary>From stock to shipping.</summary>
public sealed record ShippingRequest(CheckoutRequest Order, string Payment, string Reservation);
