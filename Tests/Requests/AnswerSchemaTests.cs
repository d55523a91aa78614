using System.Text.Json;
using AspireFeedback.Web.Requests;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Requests;

public sealed class AnswerSchemaTests
{
    [Theory]
    [InlineData("""{"type":"boolean"}""", "true", "")]
    [InlineData("""{"type":"boolean"}""", "\"true\"", "answer")]
    [InlineData("""{"type":["string","null"]}""", "null", "")]
    [InlineData("""{"type":["string","null"]}""", "1", "answer")]
    [InlineData("""{"type":"integer","minimum":1,"maximum":10}""", "10.0", "")]
    [InlineData("""{"type":"integer","minimum":1,"maximum":10}""", "1.5", "answer")]
    [InlineData("""{"type":"integer","minimum":1,"maximum":10}""", "11", "answer")]
    [InlineData("""{"type":"integer","minimum":1,"maximum":10}""", "1e400", "answer")]
    [InlineData("""{"enum":["yes","no"]}""", "\"no\"", "")]
    [InlineData("""{"enum":["yes","no"]}""", "\"perhaps\"", "answer")]
    [InlineData("""{"const":{"a":1}}""", """{"a":1}""", "")]
    [InlineData("""{"const":{"a":1}}""", """{"a":2}""", "answer")]
    [InlineData("""{"type":"string","minLength":1,"maxLength":2}""", "\"\\ud83d\\ude00\\ud83d\\ude00\"", "")]
    [InlineData("""{"type":"string","minLength":1,"maxLength":2}""", "\"\"", "answer")]
    [InlineData("""{"type":"string","minLength":1,"maxLength":2}""", "\"abc\"", "answer")]
    [InlineData("""{"type":"array","maxItems":2,"items":{"type":"number"}}""", "[1,2]", "")]
    [InlineData("""{"type":"array","maxItems":2,"items":{"type":"number"}}""", """[1,"2"]""", "answer[1]")]
    [InlineData("""{"type":"array","minItems":1,"maxItems":2}""", "[]", "answer")]
    [InlineData("""{"type":"array","minItems":1,"maxItems":2}""", "[1,2,3]", "answer")]
    [InlineData("""{"type":"object","required":["a","b"],"properties":{"a":{"type":"string"}}}""", """{"a":1}""", "answer.a answer.b")]
    [InlineData("""{"type":"object","properties":{"a":{}},"additionalProperties":false}""", """{"a":1,"b":2}""", "answer.b")]
    [InlineData("""{"type":"object","properties":{"a":{}}}""", """{"a":1,"b":2}""", "")]
    [InlineData("""{"type":"colour"}""", "1", "answer")]
    [InlineData("""{"format":"email","$comment":"what it does not know it does not ask"}""", "1", "")]
    [InlineData("true", "1", "")]
    [InlineData("""{"minimum":"1","required":"a","properties":[],"items":1}""", "0", "")]
    public void An_answer_fits_its_schema_or_is_told_where_not(string schema, string answer, string fields) =>
        string.Join(' ', AnswerSchema.Errors(JsonElement.Parse(schema), JsonElement.Parse(answer)).Keys.Order(StringComparer.Ordinal)).ShouldBe(fields);
}
