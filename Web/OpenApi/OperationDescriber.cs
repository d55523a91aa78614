using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireFeedback.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AspireFeedback.Web.OpenApi;

/// <summary>Puts what an endpoint tells of itself (<see cref="Descriptions"/>), and what holds for many, into its operation.</summary>
internal sealed class OperationDescriber : IOpenApiOperationTransformer
{
    private const string Problem = "application/problem+json";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var document = context.Document!;
        foreach (var parameter in metadata.OfType<ParameterDescription>())
            Describe(operation, parameter);
        foreach (var id in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter is { In: ParameterLocation.Path, Name: "id" }) ?? [])
            (id.Description, id.Schema, id.Example) = ("A UUID that the client makes.", Schema("""{"type":"string","format":"uuid"}"""), Examples.Id.ToString());
        if (metadata.OfType<BodyExample>().LastOrDefault() is { Example: var body } && operation.RequestBody?.Content is { } content)
        {
            foreach (var media in content.Values)
                media.Example = body is string ? null : Node(body);
        }

        var needsOwner = metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any();
        if (needsOwner)
            operation.Security = [Require("cookie"), Require("bearer")];
        var answers = metadata.OfType<AnswerDescription>().ToArray();
        var generated = operation.Responses ?? [];
        operation.Responses = [];
        var isHead = HttpMethods.IsHead(context.Description.HttpMethod!);
        foreach (var sameStatus in answers.GroupBy(answer => answer.Status).OrderBy(group => group.Key))
            operation.Responses[Text(sameStatus.Key)] = Answer(sameStatus, generated, isHead);
        var refusals = RefusalsOf(context.Description, needsOwner, answers);
        foreach (var sameStatus in refusals.GroupBy(name => ProblemCatalog.Find(name)!.Status!.Value).OrderBy(group => group.Key))
            operation.Responses[Text(sameStatus.Key)] = Refuse(sameStatus.Key, [.. sameStatus], document, isHead);
        return Task.CompletedTask;

        OpenApiSecurityRequirement Require(string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
    }

    private static HashSet<string> RefusalsOf(ApiDescription operation, bool needsOwner, AnswerDescription[] answers)
    {
        var method = operation.HttpMethod!;
        var names = operation.ActionDescriptor.EndpointMetadata.OfType<RefusalDescription>().SelectMany(refusal => refusal.Names).ToHashSet();
        if (needsOwner)
            names.Add("unauthorized");
        if (!(HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) || answers.Any(answer => answer.MediaType == "text/event-stream"))
            names.Add("forbidden-origin");
        if (operation.RelativePath?.StartsWith("problems", StringComparison.Ordinal) is not true)
            names.Add("log-unavailable");
        return names;
    }

    private static void Describe(OpenApiOperation operation, ParameterDescription described)
    {
        operation.Parameters ??= [];
        if (operation.Parameters.OfType<OpenApiParameter>().FirstOrDefault(parameter => parameter.Name == described.Name) is not { } known)
        {
            known = new() { Name = described.Name, In = described.InHeader ? ParameterLocation.Header : ParameterLocation.Query };
            operation.Parameters.Add(known);
        }

        (known.Description, known.Schema) = (described.Description, Schema(described.Schema));
    }

    private static OpenApiResponse Answer(IEnumerable<AnswerDescription> answers, OpenApiResponses generated, bool isHead)
    {
        var response = new OpenApiResponse { Description = string.Join(" ", answers.Select(answer => answer.Description)) };
        foreach (var answer in answers)
        {
            foreach (var header in answer.Headers)
                (response.Headers ??= new Dictionary<string, IOpenApiHeader>())[header] = DescribedHeaders.Of(header);
            if (answer.MediaType is null || isHead)
                continue;
            var schema = answer.Type is null
                ? new OpenApiSchema { Type = JsonSchemaType.String, Format = answer.MediaType == "application/octet-stream" ? "binary" : null }
                : generated[Text(answer.Status)].Content!.Values.First().Schema;
            var example = answer.Example is null ? null : Node(answer.Example);
            (response.Content ??= new Dictionary<string, OpenApiMediaType>())[answer.MediaType] = new() { Schema = schema, Example = example };
        }

        return response;
    }

    private static OpenApiResponse Refuse(int status, string[] names, OpenApiDocument document, bool isHead)
    {
        var response = new OpenApiResponse
        {
            Description = string.Join(" ", names.Select(name => ProblemCatalog.Find(name)!.Title)),
            Content = isHead ? null : new Dictionary<string, OpenApiMediaType>
            {
                [Problem] = new()
                {
                    Schema = new OpenApiSchemaReference("ProblemDetails", document),
                    Examples = names.ToDictionary(
                        name => name, name => (IOpenApiExample)new OpenApiExample { Summary = ProblemCatalog.Find(name)!.Title, Value = Node(Examples.Refusal(name)) }),
                },
            },
        };
        string[] headers = status switch { 401 => ["WWW-Authenticate"], 412 when names.Contains("precondition-failed") => ["ETag"], 416 => ["ETag", "Content-Range"], 429 or 503 => ["Retry-After"], _ => [] };
        foreach (var header in headers)
            (response.Headers ??= new Dictionary<string, IOpenApiHeader>())[header] = DescribedHeaders.Of(header);
        return response;
    }

    private static OpenApiSchema Schema(string json)
    {
        var schema = JsonNode.Parse(json)!;
        return new()
        {
            Type = schema["type"]!.GetValue<string>() is "integer" ? JsonSchemaType.Integer : JsonSchemaType.String,
            Format = schema["format"]?.GetValue<string>(),
            Minimum = schema["minimum"]?.ToString(),
            Maximum = schema["maximum"]?.ToString(),
            Default = schema["default"]?.DeepClone(),
            Enum = schema["enum"]?.AsArray().Select(value => value!.DeepClone()).ToList(),
        };
    }

    private static JsonNode? Node(object value) => JsonSerializer.SerializeToNode(value, value.GetType(), FeedbackJson.Options);

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
