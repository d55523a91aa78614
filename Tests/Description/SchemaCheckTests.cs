using System.Text.Json;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Description;

public sealed class SchemaCheckTests
{
    private static readonly JsonElement Document = JsonElement.Parse("""
        {"components":{"schemas":{"Pair":{"type":"object","required":["a"],"properties":{"a":{"type":"integer","minimum":1},"b":{"type":["null","string"],"format":"uuid"}}}}}}
        """);

    [Theory]
    [InlineData("""{"$ref":"#/components/schemas/Pair"}""", """{"a":1}""", true)]
    [InlineData("""{"$ref":"#/components/schemas/Pair"}""", """{"a":1,"b":null}""", true)]
    [InlineData("""{"$ref":"#/components/schemas/Pair"}""", """{"a":0}""", false)]
    [InlineData("""{"$ref":"#/components/schemas/Pair"}""", """{"a":1.5}""", false)]
    [InlineData("""{"$ref":"#/components/schemas/Pair"}""", """{"b":null}""", false)]
    [InlineData("""{"$ref":"#/components/schemas/Pair"}""", """{"a":1,"b":"x"}""", false)]
    [InlineData("""{"$ref":"#/components/schemas/Pair"}""", """{"a":1,"c":1}""", false)]
    [InlineData("""{"$ref":"#/components/schemas/Pair"}""", "[]", false)]
    [InlineData("""{"type":"array","items":{"enum":["x"]}}""", """["x","y"]""", false)]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""", """{"any":"x"}""", true)]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""", """{"any":1}""", false)]
    [InlineData("""{"oneOf":[{"type":"null"},{"type":"string"}]}""", "1", false)]
    [InlineData("""{"type":"string","format":"date-time"}""", "\"2026-01-31T09:30:00+01:00\"", false)]
    public void It_sees_what_does_not_fit(string schema, string value, bool fits) =>
        (new SchemaCheck(Document).Errors(JsonElement.Parse(schema), JsonElement.Parse(value)).Count == 0).ShouldBe(fits);

    [Fact]
    public void It_does_not_pass_what_it_does_not_know() =>
        Should.Throw<NotSupportedException>(() => new SchemaCheck(Document).Errors(JsonElement.Parse("""{"not":{}}"""), JsonElement.Parse("1")));
}
