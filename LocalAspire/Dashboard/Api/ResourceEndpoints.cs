using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Dashboard.Http;
using AspireFeedback.LocalAspire.Dashboard.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AspireFeedback.LocalAspire.Dashboard.Api;

/// <summary>The resources of this run, and what can be done to them.</summary>
internal sealed class ResourceEndpoints(
    ResourceDocuments resources, EnvironmentDocuments environments, ResourceCommandService commands, CancellationToken stopping)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/resources", context => Json.WriteAsync(context, new { resources = resources.All() }));
        routes.MapGet("/api/resources/{name}/environment", EnvironmentAsync);
        routes.MapPost("/api/resources/{name}/commands/{command}", CommandAsync);
    }

    private async Task EnvironmentAsync(HttpContext context)
    {
        var query = new Query(context.Request);
        var variables = await environments.OfAsync(Route(context, "name"), query.Text("instance"), [.. query.All("reveal")], context.RequestAborted)
            ?? throw RefusedException.NotFound("There is no such resource.");
        await Json.WriteAsync(context, new { variables });
    }

    private async Task CommandAsync(HttpContext context)
    {
        // Not ended by a page that goes away: half a restart would be a stop.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(s_patience);
        try
        {
            var result = await commands.ExecuteCommandAsync(Route(context, "name"), Route(context, "command"), deadline.Token);
            await Json.WriteAsync(context, new { success = result.Success, message = result.Message });
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            var message = stopping.IsCancellationRequested ? "The AppHost is stopping." : "It is not done after two minutes.";
            await Json.WriteAsync(context, new { success = false, message });
        }
    }

    private static string Route(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;
}
