using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace AspireFeedback.Web.OpenApi;

/// <summary>Headers of answers; each means the same wherever it stands.</summary>
internal static class DescribedHeaders
{
    private static readonly FrozenDictionary<string, (string Description, JsonNode Example)> All = new Dictionary<string, (string, JsonNode)>
    {
        ["Location"] = ("Where the resource is.", $"/requests/{Examples.Id}"),
        ["Retry-After"] = ("Seconds until asking again is worth it.", 1),
        ["ETag"] = ("For If-None-Match; of a request, W/ and its version.", "W/\"4\""),
        ["Expires"] = ("Until when the request is kept, once it has ended.", "Sat, 07 Feb 2026 09:30:02 GMT"),
        ["Link"] = ("The next page, if there is one.", "</requests?limit=50&cursor=NjM4…>; rel=\"next\""),
        ["Preference-Applied"] = ("The wait that was granted.", "wait=20"),
        ["Idempotent-Replayed"] = ("The request had been accepted before; nothing new runs.", "true"),
        ["Content-Range"] = ("Which bytes of how many.", "bytes 0-99/1234"),
        ["Set-Cookie"] = ("The signed cookie that is the identity.", "feedback-0123456789ab=…; path=/; httponly; samesite=lax"),
        ["WWW-Authenticate"] = ("RFC 6750.", "Bearer"),
    }.ToFrozenDictionary();

    public static IOpenApiHeader Of(string name)
    {
        var (description, example) = All[name];
        return new OpenApiHeader
        {
            Description = description,
            Schema = new OpenApiSchema { Type = example.GetValueKind() is System.Text.Json.JsonValueKind.Number ? JsonSchemaType.Integer : JsonSchemaType.String },
            Example = example.DeepClone(),
        };
    }
}
