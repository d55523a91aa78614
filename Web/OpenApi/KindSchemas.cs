using System.Text.Json.Nodes;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AspireFeedback.Web.OpenApi;

/// <summary>What may be submitted: for each kind its payload, as <see cref="PayloadTree"/> will check it.</summary>
internal sealed class KindSchemas(KindCatalog kinds) : IOpenApiDocumentTransformer
{
    private const string Submit = "SubmitBody";

    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        if (document.Components?.Schemas is not { } schemas || !schemas.TryGetValue(Submit, out var found) || found is not OpenApiSchema { Properties: { } members } submit)
            return;
        var choices = new Dictionary<string, OpenApiSchemaReference>();
        foreach (var kind in kinds.All.Where(kind => !kind.Policy.Internal))
        {
            var payload = await context.GetOrCreateSchemaAsync(kind.PayloadType, cancellationToken: cancellationToken);
            document.AddComponent($"Payload-{kind.Name}", payload);
            document.AddComponent($"{Submit}-{kind.Name}", new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = submit.Required,
                Properties = new Dictionary<string, IOpenApiSchema>(members)
                {
                    ["kind"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create(kind.Name)] },
                    ["payload"] = new OpenApiSchemaReference($"Payload-{kind.Name}", document),
                },
            });
            choices.Add(kind.Name, new($"{Submit}-{kind.Name}", document));
        }

        schemas[Submit] = new OpenApiSchema
        {
            OneOf = [.. choices.Values],
            Discriminator = new() { PropertyName = "kind", Mapping = choices },
        };
    }
}
