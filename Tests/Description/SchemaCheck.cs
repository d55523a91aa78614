using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AspireFeedback.Tests.Description;

/// <summary>
/// Whether a value fits a schema of an OpenAPI document, as far as this document's schemas go; an unknown keyword is an error, not a pass. Stricter
/// than JSON Schema in one way: an object has no members but those that are described.
/// </summary>
internal sealed class SchemaCheck(JsonElement document)
{
    private static readonly HashSet<string> Annotations = ["description", "title", "example", "examples", "default", "discriminator"];

    public IReadOnlyList<string> Errors(JsonElement schema, JsonElement value)
    {
        var errors = new List<string>();
        Check(schema, value, "$", errors);
        return errors;
    }

    private void Check(JsonElement schema, JsonElement value, string at, List<string> errors)
    {
        foreach (var keyword in schema.EnumerateObject().Where(keyword => !Annotations.Contains(keyword.Name)))
        {
            var fits = keyword.Name switch
            {
                "$ref" => Descend(Resolve(keyword.Value.GetString()!), value, at, errors),
                "type" => Types(keyword.Value).Any(type => IsOf(type, value)),
                "enum" => keyword.Value.EnumerateArray().Any(item => JsonElement.DeepEquals(item, value)),
                "format" => value.ValueKind is not JsonValueKind.String || HasFormat(keyword.Value.GetString()!, value),
                "pattern" => value.ValueKind is not JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!),
                "minLength" => value.ValueKind is not JsonValueKind.String || value.GetString()!.Length >= keyword.Value.GetInt32(),
                "maxLength" => value.ValueKind is not JsonValueKind.String || value.GetString()!.Length <= keyword.Value.GetInt32(),
                "minItems" => value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() >= keyword.Value.GetInt32(),
                "maxItems" => value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() <= keyword.Value.GetInt32(),
                "minimum" => value.ValueKind is not JsonValueKind.Number || value.GetDouble() >= keyword.Value.GetDouble(),
                "maximum" => value.ValueKind is not JsonValueKind.Number || value.GetDouble() <= keyword.Value.GetDouble(),
                "required" => value.ValueKind is not JsonValueKind.Object || keyword.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
                "properties" => CheckMembers(schema, value, at, errors),
                "additionalProperties" => schema.TryGetProperty("properties", out _) || CheckMembers(schema, value, at, errors),
                "items" => CheckItems(keyword.Value, value, at, errors),
                "oneOf" or "anyOf" => keyword.Value.EnumerateArray().Any(one => Errors(one, value).Count == 0),
                _ => throw new NotSupportedException($"The schema at {at} uses '{keyword.Name}'."),
            };
            if (!fits)
                errors.Add($"{at}: {keyword.Name} {keyword.Value.GetRawText()} does not allow {Short(value)}");
        }
    }

    private bool Descend(JsonElement schema, JsonElement value, string at, List<string> errors)
    {
        Check(schema, value, at, errors);
        return true;
    }

    private bool CheckMembers(JsonElement schema, JsonElement value, string at, List<string> errors)
    {
        if (value.ValueKind is not JsonValueKind.Object)
            return true;
        foreach (var member in value.EnumerateObject())
        {
            if (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(member.Name, out var described))
                Check(described, member.Value, $"{at}.{member.Name}", errors);
            else if (schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind is JsonValueKind.Object)
                Check(others, member.Value, $"{at}.{member.Name}", errors);
            else
                errors.Add($"{at}.{member.Name}: is not described");
        }

        return true;
    }

    private bool CheckItems(JsonElement schema, JsonElement value, string at, List<string> errors)
    {
        if (value.ValueKind is JsonValueKind.Array)
        {
            foreach (var (index, item) in value.EnumerateArray().Index())
                Check(schema, item, $"{at}[{index}]", errors);
        }

        return true;
    }

    private JsonElement Resolve(string reference) => reference.TrimStart('#', '/').Split('/').Aggregate(document, (element, name) => element.GetProperty(name));

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind is JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind is JsonValueKind.Null,
        "string" => value.ValueKind is JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind is JsonValueKind.Number,
        "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
        "array" => value.ValueKind is JsonValueKind.Array,
        "object" => value.ValueKind is JsonValueKind.Object,
        _ => throw new NotSupportedException($"There is no type '{type}'."),
    };

    private static bool HasFormat(string format, JsonElement value) => format switch
    {
        "uuid" => Guid.TryParseExact(value.GetString(), "D", out _),
        "date-time" => value.GetString()!.EndsWith('Z') && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, out _),
        "binary" => true,
        _ => throw new NotSupportedException($"There is no format '{format}'."),
    };

    private static string Short(JsonElement value) => value.GetRawText() is { Length: > 100 } text ? text[..100] + "…" : value.GetRawText();
}
