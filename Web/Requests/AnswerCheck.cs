using System.Text.Json;
using NJsonSchema;
using NJsonSchema.References;
using NJsonSchema.Validation;

namespace AspireFeedback.Web.Requests;

/// <summary>Whether an answer fits the JSON Schema of its question.</summary>
internal static class AnswerCheck
{
    /// <summary>What is wrong, by path (<c>answer.approved</c>). Nothing for a schema that cannot be read: its question could never be answered.</summary>
    public static async Task<IReadOnlyDictionary<string, string[]>> FindErrorsAsync(JsonElement schema, JsonElement answer, CancellationToken cancellationToken)
    {
        JsonSchema parsed;
        try
        {
            parsed = await JsonSchema.FromJsonAsync(
                schema.GetRawText(), documentPath: null, root => new WithinTheSchema(new(root, new DefaultTypeNameGenerator())), cancellationToken);
        }
#pragma warning disable CA1031 // A worker's schema is data: whatever the library throws at it, the owner must be able to answer.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            _ = e;
            return new Dictionary<string, string[]>();
        }

        return parsed.Validate(answer.GetRawText())
            .SelectMany(Flatten)
            .GroupBy(error => FieldOf(error.Path), Explain)
            .ToDictionary(group => group.Key, group => group.Distinct().ToArray());
    }

    private static IEnumerable<ValidationError> Flatten(ValidationError error) => error is ChildSchemaValidationError { Errors: { Count: > 0 } children }
        ? children.Values.SelectMany(x => x).SelectMany(Flatten)
        : [error];

    private static string FieldOf(string? path) => path?.TrimStart('#', '/') is { Length: > 0 } inner ? $"answer.{inner.Replace('/', '.')}" : "answer";

    private static string Explain(ValidationError error) => error.Kind switch
    {
        ValidationErrorKind.PropertyRequired => "It is missing.",
        ValidationErrorKind.NoAdditionalPropertiesAllowed => "There is no such member.",
        ValidationErrorKind.BooleanExpected => "It must be true or false.",
        ValidationErrorKind.StringExpected => "It must be a text.",
        ValidationErrorKind.NumberExpected or ValidationErrorKind.IntegerExpected => "It must be a number.",
        ValidationErrorKind.ObjectExpected => "It must be an object.",
        ValidationErrorKind.ArrayExpected => "It must be a list.",
        ValidationErrorKind.NotInEnumeration => "It is none of the choices.",
        var kind => $"It does not fit the question's schema: {kind}.",
    };

    /// <summary>A schema that a worker sends makes this process fetch nothing.</summary>
    private sealed class WithinTheSchema(JsonSchemaAppender appender) : JsonReferenceResolver(appender)
    {
        public override Task<IJsonReference> ResolveFileReferenceAsync(string filePath, CancellationToken cancellationToken = default) => throw Refused(filePath);

        public override Task<IJsonReference> ResolveUrlReferenceAsync(string url, CancellationToken cancellationToken = default) => throw Refused(url);

        private static NotSupportedException Refused(string reference) => new($"A question's schema refers outside itself: {reference}");
    }
}
