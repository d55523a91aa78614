using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Testing;
using AspireFeedback.Tests.Support;
using RabbitMQ.Client;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.EndToEnd;

/// <summary>One request over three services, with a question in the middle.</summary>
[Collection(SystemTests.Name)]
public sealed class CheckoutTests(RunningSystem system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_hop_reports_to_the_same_stream_and_the_last_one_gives_the_result()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var id = await OrderAsync(person, 120, "lamp");

        var done = await person.UntilAsync(id, "Succeeded", Cancellation);

        var result = done.GetProperty("result");
        foreach (var part in new[] { "payment", "reservation", "parcel" })
            result.GetProperty(part).GetString().ShouldBe($"{part}-{id:n}");
        // Reports of different hops may overtake each other on their way: a start that comes after the next one's is not recorded.
        var steps = await StepsAsync(person, id);
        steps.ShouldBeUnique();
        steps.ShouldBeSubsetOf(
        [
            "request-accepted",
            "attempt-started 1 checkout", "hop-forwarded 1 checkout-stock",
            "hop-started 2 checkout-stock", "hop-forwarded 2 checkout-shipping",
            "hop-started 3 checkout-shipping", "request-succeeded",
        ]);
        steps.Length.ShouldBeGreaterThanOrEqualTo(5);
        steps[^1].ShouldBe("request-succeeded");
    }

    [Fact]
    public async Task The_way_over_three_services_is_one_trace_without_gaps()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var id = await OrderAsync(person, 120, "lamp");
        using var watching = await person.OpenAsync($"/requests/{id}/events", null, Cancellation);
        var traceId = (await person.UntilAsync(id, "Succeeded", Cancellation)).GetProperty("traceId").GetString()!;

        IReadOnlyList<CollectedSpan> spans = [];
        await Eventually.HoldsAsync(() =>
        {
            spans = system.Spans.Of(traceId);
            var ids = spans.Select(span => span.SpanId).ToHashSet();
            return new[] { ("payment", "checkout"), ("stock", "checkout-stock"), ("shipping", "checkout-shipping") }
                    .All(run => spans.Any(span => (span.Service, span.Name) == run))
                && new[] { "take report", "push" }.All(name => spans.Any(span => (span.Service, span.Name) == ("web", name)))
                && spans.Count(span => !ids.Contains(span.ParentId)) == 1;
        }, $"one tree of spans over web, payment, stock, shipping and web's push in {traceId}");
        spans.Single(span => span.ParentId.Length == 0).Name.ShouldStartWith("PUT /requests");
    }

    [Fact]
    public async Task A_hop_that_fails_is_tried_again_there_and_nothing_is_paid_twice()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var id = await OrderAsync(person, 120, "busy-1");

        await person.UntilAsync(id, "Succeeded", Cancellation);

        var steps = await StepsAsync(person, id);
        steps.Count(step => step.EndsWith(" checkout", StringComparison.Ordinal)).ShouldBe(1);
        steps.Count(step => step == "hop-started 2 checkout-stock").ShouldBe(2);
        steps.ShouldContain("attempt-failed");
    }

    [Fact]
    public async Task A_first_message_that_comes_twice_changes_nothing()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var id = await OrderAsync(person, 120, "busy-1");
        await PublishAgainAsync(id);

        await person.UntilAsync(id, "Succeeded", Cancellation);

        // However the two runs of the first hop met: the chain was recorded once, and what failed was tried again where it failed.
        var steps = await StepsAsync(person, id);
        foreach (var once in new[] { "hop-forwarded 1 checkout-stock", "hop-forwarded 2 checkout-shipping", "attempt-failed", "request-succeeded" })
            steps.Count(step => step == once).ShouldBe(1, $"{once} in {string.Join(", ", steps)}");
        steps[^1].ShouldBe("request-succeeded");
    }

    [Fact]
    public async Task A_large_payment_asks_and_goes_on_with_the_answer_also_when_everything_was_restarted_meanwhile()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var id = await OrderAsync(person, 620.50m, "lamp");
        var asking = (await person.UntilAsync(id, "InputRequired", Cancellation)).GetProperty("input");
        asking.GetProperty("question").GetString().ShouldBe("Pay 620.50 EUR?");
        asking.GetProperty("key").GetString().ShouldBe("approval");
        var all = system.App.Replicas("web").Concat(system.App.Replicas("payment")).ToArray();
        await Task.WhenAll(all.Select(replica => replica.KillAsync(Cancellation)));
        await Task.WhenAll(all.Select(replica => replica.StartAsync(Cancellation)));

        var wrong = await AnswerAsync(person, id, new { answer = new { approved = "yes" } });
        var right = await AnswerAsync(person, id, new { key = "approval", answer = new { approved = true } });
        var again = await AnswerAsync(person, id, new { key = "approval", answer = new { approved = true } });
        var other = await AnswerAsync(person, id, new { key = "approval", answer = new { approved = false } });

        wrong.Status.ShouldBe(HttpStatusCode.BadRequest);
        wrong.Json.GetProperty("type").GetString().ShouldBe("/problems/invalid-answer");
        wrong.Json.GetProperty("errors").GetProperty("answer.approved")[0].GetString().ShouldBe("It must be true or false.");
        right.Status.ShouldBe(HttpStatusCode.Accepted, right.Text);
        again.Status.ShouldBe(HttpStatusCode.Accepted, again.Text);
        other.Status.ShouldBe(HttpStatusCode.Conflict);
        var done = await person.UntilAsync(id, "Succeeded", Cancellation);
        done.GetProperty("attempt").GetProperty("number").GetInt32().ShouldBe(1, "an answer costs no failure");
    }

    [Fact]
    public async Task A_payment_that_is_not_approved_ends_the_request()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var id = await OrderAsync(person, 620, "lamp");
        await person.UntilAsync(id, "InputRequired", Cancellation);

        (await AnswerAsync(person, id, new { answer = new { approved = false } })).Status.ShouldBe(HttpStatusCode.Accepted);

        var failed = await person.UntilAsync(id, "Failed", Cancellation);
        failed.GetProperty("error").GetProperty("type").GetString().ShouldBe("/problems/not-approved");
    }

    [Fact]
    public async Task A_hop_is_no_kind_that_one_can_ask_for()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var refused = await person.SubmitAsync(Guid.CreateVersion7(), "checkout-stock", new { }, Cancellation);
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Json.GetProperty("type").GetString().ShouldBe("/problems/unknown-kind");
        refused.Text.ShouldNotContain("checkout-shipping");
    }

    [Theory]
    [InlineData("""{"amount":0,"currency":"EUR","items":[{"sku":"a","quantity":1}]}""", "payload.amount")]
    [InlineData("""{"amount":1,"currency":"euro","items":[{"sku":"a","quantity":1}]}""", "payload.currency")]
    [InlineData("""{"amount":1,"currency":"EUR","items":[]}""", "payload.items")]
    [InlineData("""{"amount":1,"currency":"EUR","items":[{"sku":"a","quantity":1},{"sku":"","quantity":1}]}""", "payload.items[1].sku")]
    [InlineData("""{"amount":1,"currency":"EUR","items":[{"sku":"a","quantity":0}]}""", "payload.items[0].quantity")]
    public async Task What_is_wrong_deep_in_an_order_is_named(string payload, string field)
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var refused = await person.SubmitAsync(Guid.CreateVersion7(), "checkout", JsonElement.Parse(payload), Cancellation);
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Json.GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe(field);
    }

    private static async Task<Guid> OrderAsync(Person person, decimal amount, string sku)
    {
        var id = Guid.CreateVersion7();
        var accepted = await person.SubmitAsync(id, "checkout", new { amount, currency = "EUR", items = new[] { new { sku, quantity = 2 } } }, Cancellation);
        accepted.Status.ShouldBe(HttpStatusCode.Accepted, accepted.Text);
        return id;
    }

    /// <summary>The message of the first hop as Web has sent it, as after a crash between its publishing and the end of its outbox row.</summary>
    private async Task PublishAgainAsync(Guid id)
    {
        var broker = await system.App.GetConnectionStringAsync("messaging", Cancellation);
        await using var connection = await new ConnectionFactory { Uri = new(broker!) }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        var properties = new BasicProperties
        {
            CorrelationId = id.ToString(),
            MessageId = Guid.CreateVersion7().ToString(),
            Type = "work",
            ContentType = "application/json",
            Headers = new Dictionary<string, object?> { ["feedback-attempt"] = 1, ["feedback-hop"] = 1 },
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(new { payload = new { amount = 120, currency = "EUR", items = new[] { new { sku = "busy-1", quantity = 2 } } } });
        await channel.BasicPublishAsync("feedback.requests", "checkout", mandatory: true, properties, body, Cancellation);
    }

    private static Task<Answer> AnswerAsync(Person person, Guid id, object body) =>
        person.SendAsync(HttpMethod.Post, $"/requests/{id}/input", JsonContent.Create(body), Cancellation);

    /// <summary>The events without progress, as "type hop kind" where they have these.</summary>
    private static async Task<string[]> StepsAsync(Person person, Guid id) =>
    [
        .. from e in await person.EventsAsync(id, Cancellation)
           let type = e.GetProperty("type").GetString()
           where type != "progress-reported"
           let data = e.GetProperty("data")
           let kind = type == "hop-forwarded" ? "kind" : "endpoint"
           select data.TryGetProperty("hop", out var hop) && data.TryGetProperty(kind, out var name) ? $"{type} {hop} {name}" : type,
    ];
}
