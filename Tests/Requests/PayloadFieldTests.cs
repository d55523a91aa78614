using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Requests;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Requests;

public sealed class PayloadFieldTests
{
    [Theory]
    [InlineData("""{"amount":1,"currency":"EUR","items":[{"sku":"","quantity":1}]}""", "payload.items[0].sku")]
    [InlineData("""{"amount":1,"currency":"EUR","items":[{"sku":"a","quantity":"many"}]}""", "payload.items[0].quantity")]
    [InlineData("""{"Amount":1,"currency":"EUR","items":[{"sku":"a","quantity":1}]}""", "payload.Amount")]
    [InlineData("""{"amount":1,"currency":"EUR","items":[{"sku":"a","quantity":1,"Colour":"red"}]}""", "payload.items[0].Colour")]
    [InlineData("[]", "payload")]
    [InlineData("null", "payload")]
    public void A_field_is_named_as_the_sender_wrote_it(string payload, string field)
    {
        using var json = JsonDocument.Parse(payload);

        var errors = PayloadCheck.Check(Kinds.Checkout, json.RootElement).Errors.ShouldNotBeNull();

        errors.Keys.ShouldBe([field]);
    }
}
