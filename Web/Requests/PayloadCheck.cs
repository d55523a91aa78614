using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Requests;

/// <summary>Whether a payload fits its kind: shape, then the rules on its members; and which files it names.</summary>
internal static class PayloadCheck
{
    public static PayloadFindings Check(Kind kind, JsonElement payload)
    {
        object? value;
        try
        {
            value = payload.Deserialize(kind.PayloadType, FeedbackJson.Strict);
        }
        catch (JsonException e)
        {
            return PayloadFindings.Bad(FieldOf(e.Path), Explain(e));
        }

        if (value is null)
            return PayloadFindings.Bad("payload", "It must not be null.");
        var errors = new List<ValidationResult>();
        Validator.TryValidateObject(value, new(value), errors, validateAllProperties: true);
        var files = new List<Guid>();
        Collect(value, files, depth: 0);
        return new(Group(errors), files);
    }

    private static Dictionary<string, string[]>? Group(List<ValidationResult> errors) => errors.Count == 0 ? null : errors
        .SelectMany(error => error.MemberNames.DefaultIfEmpty("").Select(member => (Field: FieldOf(member), error.ErrorMessage)))
        .GroupBy(error => error.Field, error => error.ErrorMessage ?? "It is not valid.")
        .ToDictionary(group => group.Key, group => group.ToArray());

    /// <summary>The field as the sender wrote it: <c>payload.items[0].sku</c>.</summary>
    private static string FieldOf(string? path)
    {
        var field = path?.TrimStart('$').TrimStart('.');
        return string.IsNullOrEmpty(field) ? "payload" : "payload." + JsonNamingPolicy.CamelCase.ConvertName(field);
    }

    /// <summary>The serializer's message without the CLR's names and positions.</summary>
    private static string Explain(JsonException e)
    {
        if (e.InnerException is null && e.Message.Contains("missing required", StringComparison.Ordinal) && e.Message.LastIndexOf(": ", StringComparison.Ordinal) is var at and > 0)
            return $"Missing: {e.Message[(at + 2)..].TrimEnd('.')}.";
        if (e.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return "This kind has no such member.";
        return e.Message.Contains("could not be converted", StringComparison.Ordinal) || e.Message.Contains("type '", StringComparison.Ordinal) || e.Message.Contains("System.", StringComparison.Ordinal)
            ? "It has not the expected type."
            : e.Message.Split(" Path:")[0];
    }

    /// <summary>Records of the contract are small trees; files are found wherever they stand in them.</summary>
    private static void Collect(object? value, List<Guid> files, int depth)
    {
        switch (value)
        {
            case null or string or JsonElement:
                return;
            case FileRef file:
                files.Add(file.Id);
                return;
            case IEnumerable items when depth < FeedbackJson.MaxDepth:
                foreach (var item in items)
                    Collect(item, files, depth + 1);
                return;
            case var node when IsOfAContract(node.GetType()) && depth < FeedbackJson.MaxDepth:
                foreach (var property in node.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    if (property.GetIndexParameters().Length == 0 && !property.PropertyType.IsPrimitive)
                        Collect(property.GetValue(node), files, depth + 1);
                }

                return;
        }
    }

    /// <summary>Whoever registers kinds brings the types of their payloads; those of the framework have no files in them.</summary>
    private static bool IsOfAContract(Type type) =>
        type.Namespace is not { } space || !(space == "System" || space.StartsWith("System.", StringComparison.Ordinal));
}

/// <param name="Errors">Per field; <c>null</c> when the payload is fine.</param>
internal sealed record PayloadFindings(IReadOnlyDictionary<string, string[]>? Errors, IReadOnlyList<Guid> Files)
{
    public static PayloadFindings Bad(string field, string error) => new(new Dictionary<string, string[]> { [field] = [error] }, []);
}
