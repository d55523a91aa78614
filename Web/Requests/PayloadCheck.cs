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
            return PayloadFindings.Bad(FieldOf(e.Path?.TrimStart('$').TrimStart('.') ?? ""), Explain(e));
        }

        if (value is null)
            return PayloadFindings.Bad("payload", "It must not be null.");
        var errors = PayloadTree.FindErrors(value);
        var named = errors.Count == 0 ? null : errors.ToDictionary(error => FieldOf(error.Key), error => error.Value);
        return new(named, PayloadTree.FindFiles(value));
    }

    /// <summary>Where the sender finds it in what was sent: <c>payload.items[0].sku</c>.</summary>
    private static string FieldOf(string path) => path.Length == 0 ? "payload" : $"payload.{path}";

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
}

/// <param name="Errors">Per field; <c>null</c> when the payload is fine.</param>
internal sealed record PayloadFindings(IReadOnlyDictionary<string, string[]>? Errors, IReadOnlyList<Guid> Files)
{
    public static PayloadFindings Bad(string field, string error) => new(new Dictionary<string, string[]> { [field] = [error] }, []);
}
