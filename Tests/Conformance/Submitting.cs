using System.Globalization;
using System.Net;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

public sealed class Submitting(RunningSystem system) : ContractTest(system)
{
    [Fact]
    public async Task Is_answered_202_with_place_pace_and_document_and_without_an_etag()
    {
        var id = Guid.CreateVersion7();

        var answer = await Me.SubmitAsync(id, "echo", new { text = "hello", delayMs = 300 }, Cancellation);

        answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Text);
        answer.Headers.Location!.ToString().ShouldBe($"/requests/{id}");
        answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        answer.ETag.ShouldBeNull("RFC 9110, section 9.3.4");
        answer.Json.GetProperty("id").GetGuid().ShouldBe(id);
        answer.Json.GetProperty("kind").GetString().ShouldBe("echo");
        answer.Json.GetProperty("done").GetBoolean().ShouldBeFalse();
        Version(answer).ShouldBeGreaterThanOrEqualTo(1);
        answer.Json.GetProperty("createdAt").GetString()!.ShouldEndWith("Z");
        answer.Json.TryGetProperty("queue", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Makes_it_readable_at_once_through_any_replica()
    {
        for (var n = 0; n < 10; n++)
        {
            var id = await AcceptedAsync();
            (await GetAsync($"/requests/{id}")).Status.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Takes_an_id_in_any_case_and_keeps_it_in_lower_case()
    {
        var id = Guid.CreateVersion7();
        var answer = await SendAsync(HttpMethod.Put, $"/requests/{id.ToString().ToUpperInvariant()}", JsonOf("""{"kind":"echo","payload":{"text":"a"}}"""));
        answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Text);
        answer.Json.GetProperty("id").GetString().ShouldBe(id.ToString());
    }

    [Fact]
    public async Task Is_kept_only_for_the_owner_as_whom_it_is_meant()
    {
        var (id, file, me) = (Guid.CreateVersion7(), Guid.CreateVersion7(), await MyIdAsync(Me));
        Task<Answer> SubmitAsync(string owner) =>
            SendAsync(HttpMethod.Put, $"/requests/{id}", JsonOf("""{"kind":"echo","payload":{"text":"a"}}"""), ("Feedback-Owner", owner));

        ShouldBeProblem(await SubmitAsync($"{Guid.NewGuid()}"), HttpStatusCode.PreconditionFailed, "other-owner");
        ShouldBeProblem(await SubmitAsync("somebody"), HttpStatusCode.PreconditionFailed, "other-owner");
        ShouldBeProblem(await SendAsync(HttpMethod.Put, $"/files/{file}", JsonOf("1"), ("Feedback-Owner", $"{Guid.NewGuid()}")), HttpStatusCode.PreconditionFailed, "other-owner");
        (await GetAsync($"/requests/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync($"/files/{file}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await SubmitAsync($"{me}")).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("\"{0}\"")]
    [InlineData("{0}")]
    public async Task Works_by_POST_with_a_key_that_is_the_id(string form)
    {
        var id = Guid.CreateVersion7();
        var key = string.Format(CultureInfo.InvariantCulture, form, id);

        var answer = await SendAsync(HttpMethod.Post, "/requests", JsonOf("""{"kind":"echo","payload":{"text":"a"}}"""), ("Idempotency-Key", key));

        answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Text);
        answer.Headers.Location!.ToString().ShouldBe($"/requests/{id}");
        var again = await PutAsync(id, """{"kind":"echo","payload":{"text":"a"}}""");
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("17")]
    [InlineData("\"\"")]
    public async Task By_POST_without_a_key_that_is_a_uuid_is_400(string? key) =>
        ShouldBeProblem(
            await SendAsync(HttpMethod.Post, "/requests", JsonOf("""{"kind":"echo","payload":{"text":"a"}}"""), key is null ? [] : [("Idempotency-Key", key)]),
            HttpStatusCode.BadRequest, "invalid-id");

    [Theory]
    [InlineData("17")]
    [InlineData("not-a-uuid")]
    [InlineData("019c0000-0000-7000-8000-00000000000")]
    public async Task Under_an_id_that_is_no_uuid_is_400(string id) => ShouldBeProblem(
        await SendAsync(HttpMethod.Put, $"/requests/{id}", JsonOf("""{"kind":"echo","payload":{"text":"a"}}""")), HttpStatusCode.BadRequest, "invalid-id");

    [Fact]
    public async Task Of_a_kind_that_does_not_exist_is_400_and_names_those_that_do()
    {
        var answer = await PutAsync(Guid.CreateVersion7(), """{"kind":"no-such-kind","payload":{}}""");
        ShouldBeProblem(answer, HttpStatusCode.BadRequest, "unknown-kind");
        Items(answer, "kinds").Select(kind => kind.GetString()).ShouldContain("echo");
    }

    [Theory]
    [InlineData("""{"kind":"echo","payload":{}}""")]
    [InlineData("""{"kind":"echo","payload":{"text":17}}""")]
    [InlineData("""{"kind":"echo","payload":{"text":"a","delayMs":-1}}""")]
    [InlineData("""{"kind":"echo"}""")]
    [InlineData("""{"payload":{"text":"a"}}""")]
    [InlineData("""{"kind":"echo","payload":{"text":"a"},"deadline":"tomorrow"}""")]
    [InlineData("""{"kind":"echo","payload":{"text":"a"},"deadline":"2001-01-01T00:00:00Z"}""")]
    [InlineData("""{"kind":"echo","payload":{"text":"a"},"surprise":1}""")]
    [InlineData("""{"kind":"csv-profile","payload":{"file":"019c0000-0000-7000-8000-0000000000ff"}}""")]
    public async Task Of_what_the_kind_does_not_take_is_400_with_an_error_per_field_and_keeps_nothing(string body)
    {
        var id = Guid.CreateVersion7();
        var answer = await PutAsync(id, body);
        ShouldBeProblem(answer, HttpStatusCode.BadRequest, "invalid-payload");
        answer.Json.GetProperty("errors").EnumerateObject().ShouldNotBeEmpty();
        (await GetAsync($"/requests/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"kind":"echo","kind":"echo","payload":{"text":"a"}}""")]
    public async Task Of_no_JSON_object_is_400(string body) => ShouldBeProblem(await PutAsync(Guid.CreateVersion7(), body), HttpStatusCode.BadRequest, "invalid-json");

    [Fact]
    public async Task Of_another_media_type_is_415() => ShouldBeProblem(
        await SendAsync(HttpMethod.Put, $"/requests/{Guid.CreateVersion7()}", new StringContent("kind=echo")), HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");

    [Fact]
    public async Task Of_too_much_is_413() => ShouldBeProblem(
        await PutAsync(Guid.CreateVersion7(), $"{{\"kind\":\"echo\",\"payload\":{{\"text\":\"{new string('x', 2_000_000)}\"}}}}"), HttpStatusCode.RequestEntityTooLarge, "too-large");
}
