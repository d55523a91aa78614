using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Handling;

/// <summary>Reads what came over the broker: tolerant towards members that a newer sender added, strict about what is missing or null.</summary>
internal static class WorkReader
{
    private static readonly JsonSerializerOptions _options = new(FeedbackJson.Options)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="ProblemException">Not a work body; permanent.</exception>
    public static WorkBody ReadBody(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<WorkBody>(body.Span, _options) ?? throw Invalid("The message is null.");
        }
        catch (JsonException exception)
        {
            throw Invalid($"The message does not fit at {exception.Path ?? "$"}.", exception);
        }
    }

    /// <exception cref="ProblemException">The payload has another shape; permanent.</exception>
    public static TRequest Read<TRequest>(JsonElement payload)
    {
        try
        {
            return payload.Deserialize<TRequest>(_options) ?? throw Invalid("The payload is null.");
        }
        catch (JsonException exception)
        {
            throw Invalid($"The payload does not fit at {exception.Path ?? "$"}.", exception);
        }
    }

    public static ProblemException Invalid(string detail, Exception? inner = null) =>
        new(Problem.Of("invalid-payload", "The payload is not what this kind takes.", detail), permanent: true, inner);
}
