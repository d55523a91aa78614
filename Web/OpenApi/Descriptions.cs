using Microsoft.AspNetCore.Http.Metadata;

namespace AspireFeedback.Web.OpenApi;

/// <param name="MediaType">With <paramref name="Type"/> absent: text or bytes, whose <paramref name="Example"/> is a string.</param>
/// <param name="Headers">Names, each explained in <see cref="DescribedHeaders"/>.</param>
internal sealed record AnswerDescription(int Status, string Description, string? MediaType, Type? Type, object? Example, string[] Headers);

/// <param name="Names">Of the <see cref="ProblemCatalog"/>.</param>
internal sealed record RefusalDescription(params string[] Names);

/// <param name="Schema">JSON of a schema.</param>
internal sealed record ParameterDescription(string Name, bool InHeader, string Description, string Schema);

internal record BodyExample(object Example);

/// <summary>A body that the endpoint reads by itself. Without media types: those would be checked before anybody knows who calls.</summary>
internal sealed record ReadsBody(Type RequestType, object Example, bool IsOptional) : BodyExample(Example), IAcceptsMetadata
{
    public IReadOnlyList<string> ContentTypes => [];
}

/// <summary>
/// What an endpoint tells of itself beside its route, for <c>/openapi/v1.json</c>. Examples are objects of the types that are really sent, so that
/// they cannot fall behind. What holds for many endpoints (no identity, a foreign origin, an outage) is added by <see cref="OperationDescriber"/>.
/// </summary>
internal static class Descriptions
{
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string summary, string? description = null)
    {
        endpoint.WithName(name).WithSummary(summary);
        return description is null ? endpoint : endpoint.WithDescription(description);
    }

    public static RouteHandlerBuilder Header(this RouteHandlerBuilder endpoint, string name, string description, string schema = """{"type":"string"}""") =>
        endpoint.WithMetadata(new ParameterDescription(name, InHeader: true, description, schema));

    /// <summary>Of a parameter that the endpoint has.</summary>
    public static RouteHandlerBuilder Parameter(this RouteHandlerBuilder endpoint, string name, string description, string schema = """{"type":"string"}""") =>
        endpoint.WithMetadata(new ParameterDescription(name, InHeader: false, description, schema));

    public static RouteHandlerBuilder BodyLike(this RouteHandlerBuilder endpoint, object example) => endpoint.WithMetadata(new BodyExample(example));

    public static RouteHandlerBuilder Reads<T>(this RouteHandlerBuilder endpoint, T example, bool optional = false)
        where T : notnull => endpoint.WithMetadata(new ReadsBody(typeof(T), example, optional));

    public static RouteHandlerBuilder ReadsBytes(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new ReadsBody(typeof(Stream), "", false));

    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status, string description, T example, params string[] headers)
        where T : notnull => endpoint
        .WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), ["application/json"]))
        .WithMetadata(new AnswerDescription(status, description, "application/json", typeof(T), example, headers));

    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder endpoint, int status, string description, params string[] headers) =>
        endpoint.WithMetadata(new AnswerDescription(status, description, null, null, null, headers));

    public static RouteHandlerBuilder AnswersText(
        this RouteHandlerBuilder endpoint, int status, string description, string mediaType, string? example, params string[] headers) =>
        endpoint.WithMetadata(new AnswerDescription(status, description, mediaType, null, example, headers));

    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params string[] names) => endpoint.WithMetadata(new RefusalDescription(names));

    /// <summary>What every endpoint says of a JSON body that it cannot take.</summary>
    public static RouteHandlerBuilder RefusesBodies(this RouteHandlerBuilder endpoint) =>
        endpoint.Refuses("invalid-request", "invalid-json", "too-large", "unsupported-media-type");
}
