using System.Globalization;
using System.Text.Json;

namespace AspireFeedback.Web.Requests;

/// <summary>
/// Whether an answer fits the schema of its question. Of JSON Schema this knows type, enum, const, properties, required, additionalProperties (false),
/// items, and the limits of numbers, texts and arrays; what else a schema says is the worker's to check.
/// </summary>
internal static class AnswerSchema
{
    /// <returns>Per field what is wrong with it; empty when the answer fits.</returns>
    public static IReadOnlyDictionary<string, string[]> Errors(JsonElement schema, JsonElement answer)
    {
        var errors = new Dictionary<string, string[]>();
        Check(schema, answer, "answer", errors);
        return errors;
    }

    private static void Check(JsonElement schema, JsonElement value, string field, Dictionary<string, string[]> errors)
    {
        if (schema.ValueKind is not JsonValueKind.Object)
            return;
        var wrong = schema.EnumerateObject().Select(rule => WrongWith(rule.Name, rule.Value, value)).OfType<string>().ToArray();
        if (wrong.Length > 0)
            errors[field] = wrong;
        if (value.ValueKind is JsonValueKind.Object)
            CheckMembers(schema, value, field, errors);
        if (value.ValueKind is not JsonValueKind.Array || !schema.TryGetProperty("items", out var items))
            return;
        foreach (var (index, item) in value.EnumerateArray().Index())
            Check(items, item, string.Create(CultureInfo.InvariantCulture, $"{field}[{index}]"), errors);
    }

    private static void CheckMembers(JsonElement schema, JsonElement value, string field, Dictionary<string, string[]> errors)
    {
        var described = schema.TryGetProperty("properties", out var properties) && properties.ValueKind is JsonValueKind.Object ? properties : default;
        var isClosed = schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind is JsonValueKind.False;
        foreach (var member in value.EnumerateObject())
        {
            if (described.ValueKind is JsonValueKind.Object && described.TryGetProperty(member.Name, out var rules))
                Check(rules, member.Value, $"{field}.{member.Name}", errors);
            else if (isClosed)
                errors[$"{field}.{member.Name}"] = ["There is no such member."];
        }

        if (!schema.TryGetProperty("required", out var required) || required.ValueKind is not JsonValueKind.Array)
            return;
        foreach (var name in required.EnumerateArray().Where(name => name.ValueKind is JsonValueKind.String && !value.TryGetProperty(name.GetString()!, out _)))
            errors[$"{field}.{name.GetString()}"] = ["It is required."];
    }

    private static string? WrongWith(string rule, JsonElement limit, JsonElement value) => (rule, limit.ValueKind, value.ValueKind) switch
    {
        ("type", JsonValueKind.String, _) when !Is(limit, value) => $"It must be of type {limit.GetString()}.",
        ("type", JsonValueKind.Array, _) when !limit.EnumerateArray().Any(type => Is(type, value)) => $"It must be of one of the types {limit.GetRawText()}.",
        ("enum", JsonValueKind.Array, _) when !limit.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)) => $"It must be one of {limit.GetRawText()}.",
        ("const", _, _) when !JsonElement.DeepEquals(limit, value) => $"It must be {limit.GetRawText()}.",
        ("minimum", JsonValueKind.Number, JsonValueKind.Number) when value.GetDouble() < limit.GetDouble() => $"It must be {limit.GetRawText()} at least.",
        ("maximum", JsonValueKind.Number, JsonValueKind.Number) when value.GetDouble() > limit.GetDouble() => $"It must be {limit.GetRawText()} at most.",
        ("minLength", JsonValueKind.Number, JsonValueKind.String) when Characters(value) < limit.GetDouble() => $"It needs {limit.GetRawText()} characters at least.",
        ("maxLength", JsonValueKind.Number, JsonValueKind.String) when Characters(value) > limit.GetDouble() => $"It has {limit.GetRawText()} characters at most.",
        ("minItems", JsonValueKind.Number, JsonValueKind.Array) when value.GetArrayLength() < limit.GetDouble() => $"It needs {limit.GetRawText()} items at least.",
        ("maxItems", JsonValueKind.Number, JsonValueKind.Array) when value.GetArrayLength() > limit.GetDouble() => $"It has {limit.GetRawText()} items at most.",
        _ => null,
    };

    /// <summary>A type that JSON Schema does not know is nobody's.</summary>
    private static bool Is(JsonElement type, JsonElement value) => type.ValueKind is JsonValueKind.String && type.GetString() switch
    {
        "null" => value.ValueKind is JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "string" => value.ValueKind is JsonValueKind.String,
        "number" => value.ValueKind is JsonValueKind.Number,
        "integer" => value.ValueKind is JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        "array" => value.ValueKind is JsonValueKind.Array,
        "object" => value.ValueKind is JsonValueKind.Object,
        _ => false,
    };

    /// <summary>As JSON Schema counts: code points.</summary>
    private static int Characters(JsonElement value) => value.GetString()!.EnumerateRunes().Count();
}
