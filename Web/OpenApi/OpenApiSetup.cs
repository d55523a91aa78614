using AspireFeedback.Contracts;
using AspireFeedback.Web.Identity;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AspireFeedback.Web.OpenApi;

internal static class OpenApiSetup
{
    /// <summary><c>/openapi/v1.json</c>; a test holds it against what the endpoints answer.</summary>
    public static IServiceCollection AddFeedbackOpenApi(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddSchemaTransformer(DescribeTypesAsync);
        options.AddOperationTransformer(new OperationDescriber());
        options.AddDocumentTransformer<KindSchemas>();
        options.AddDocumentTransformer(DescribeAsync);
    });

    /// <summary>The converters of times and files hide what they are; and a pattern of ours is one for the whole value, which JSON Schema's is not.</summary>
    private static Task DescribeTypesAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(DateTimeOffset))
            (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        else if (type == typeof(DateTimeOffset?))
            (schema.Type, schema.Format) = (JsonSchemaType.String | JsonSchemaType.Null, "date-time");
        else if (type == typeof(FileRef))
            (schema.Type, schema.Format) = (JsonSchemaType.String, "uuid");
        if (schema.Pattern is { } pattern && !pattern.StartsWith('^'))
            schema.Pattern = $"^(?:{pattern})$";
        return Task.CompletedTask;
    }

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new()
        {
            Title = "AspireFeedback",
            Version = "1",
            Description = "Reliable feedback for work that is done later and elsewhere. The live hub at /feedback speaks SignalR and is not described here.",
        };
        foreach (var schema in document.Components?.Schemas?.Values.OfType<OpenApiSchema>() ?? [])
            LeaveOutNulls(schema);
        document.AddComponent("ProblemDetails", ProblemSchema());
        document.AddComponent("cookie", new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = context.ApplicationServices.GetRequiredService<Installation>().CookieName,
            Description = "A guest's or a user's, from GET /me, a sign-in or a pairing.",
        });
        document.AddComponent("bearer", new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "From POST /me/tokens.",
        });
        return Task.CompletedTask;
    }

    /// <summary>What has no value is absent here, never null.</summary>
    private static void LeaveOutNulls(OpenApiSchema schema)
    {
        foreach (var (name, member) in schema.Properties?.ToArray() ?? [])
        {
            if (member is not OpenApiSchema property)
                continue;
            if (property.OneOf?.Where(one => one.Type is not JsonSchemaType.Null).ToArray() is [var value])
                schema.Properties![name] = value;
            else if (property.Type?.HasFlag(JsonSchemaType.Null) is true)
                property.Type &= ~JsonSchemaType.Null;
            else
                continue;
            schema.Required?.Remove(name);
        }
    }

    /// <summary>RFC 9457, with the members that this application adds.</summary>
    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "RFC 9457. The type is a page that people can read.",
        Required = new HashSet<string> { "type", "title", "status" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["kinds"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text("The name of a kind."), Description = "Of unknown-kind: the kinds that there are." },
            ["type"] = Text("Stable: /problems/{name}."),
            ["title"] = Text("The same for every occurrence."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = Text("What happened this time."),
            ["traceId"] = Text("Leads developers to what happened."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Per field, what is wrong with it.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        },
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
