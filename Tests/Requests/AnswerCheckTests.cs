using System.Text.Json;
using AspireFeedback.Web.Requests;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Requests;

public sealed class AnswerCheckTests
{
    private const string Approval = """{"type":"object","properties":{"approved":{"type":"boolean"}},"required":["approved"],"additionalProperties":false}""";

    [Theory]
    [InlineData(Approval, """{"approved":true}""")]
    [InlineData("""{"type":"string","enum":["S","M"]}""", "\"M\"")]
    [InlineData("""{"$ref":"#/definitions/n","definitions":{"n":{"type":"integer","minimum":1}}}""", "2")]
    [InlineData("{}", "null")]
    [InlineData("true", "[1]")]
    public async Task What_fits_is_taken(string schema, string answer) => (await ErrorsAsync(schema, answer)).ShouldBeEmpty();

    [Theory]
    [InlineData(Approval, "{}", "answer.approved", "It is missing.")]
    [InlineData(Approval, """{"approved":"yes"}""", "answer.approved", "It must be true or false.")]
    [InlineData(Approval, """{"approved":true,"by":"me"}""", "answer.by", "There is no such member.")]
    [InlineData(Approval, "{\"approved\":null}", "answer.approved", "It must be true or false.")]
    [InlineData("""{"type":"string","enum":["S","M"]}""", "\"L\"", "answer", "It is none of the choices.")]
    [InlineData("""{"$ref":"#/definitions/n","definitions":{"n":{"type":"integer","minimum":1}}}""", "0", "answer", "It does not fit the question's schema: NumberTooSmall.")]
    public async Task What_does_not_is_named(string schema, string answer, string field, string error) =>
        (await ErrorsAsync(schema, answer)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            found => found.Key.ShouldBe(field), found => found.Value.ShouldBe([error]));

    /// <summary>The owner could never answer otherwise, and nothing is fetched for a worker's schema.</summary>
    [Theory]
    [InlineData("""{"type":"no such type"}""")]
    [InlineData("[]")]
    [InlineData("""{"$ref":"http://127.0.0.1:1/schema.json"}""")]
    [InlineData("""{"$ref":"/etc/hostname"}""")]
    public async Task A_schema_that_cannot_be_read_holds_up_nobody(string schema) => (await ErrorsAsync(schema, "1")).ShouldBeEmpty();

    private static Task<IReadOnlyDictionary<string, string[]>> ErrorsAsync(string schema, string answer) =>
        AnswerCheck.FindErrorsAsync(JsonElement.Parse(schema), JsonElement.Parse(answer), TestContext.Current.CancellationToken);
}
