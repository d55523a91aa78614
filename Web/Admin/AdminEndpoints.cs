using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Requests;
using Microsoft.AspNetCore.Mvc;

namespace AspireFeedback.Web.Admin;

/// <summary>The routes under <c>/admin</c>, for the installation's developers. Everybody else gets a 404 for whatever they try there.</summary>
internal static class AdminEndpoints
{
    private const int LargestKeyBody = 16 * 1024;

    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddOptions<DashboardOptions>().BindConfiguration(DashboardOptions.Section)
            .Validate(options => options.IsValid(), $"{DashboardOptions.Section}:Url must be an absolute address of http or https.")
            .ValidateOnStart();
        return services.AddSingleton<FindRequests>().AddSingleton<GetInFull>().AddSingleton<GetEvents>().AddSingleton<GetStateAt>();
    }

    /// <param name="endpoints">Where to.</param>
    /// <param name="signsIn">Browsers may exchange the key for a cookie; without it an application's own users are asked, or scripts send the key.</param>
    public static IEndpointRouteBuilder MapAdmin(this IEndpointRouteBuilder endpoints, bool signsIn = true)
    {
        if (signsIn)
            MapSession(endpoints.MapGroup("/admin/session").WithTags("Admin").WithMetadata(new RequestSizeLimitAttribute(LargestKeyBody)));
        MapRequests(endpoints.MapGroup("/admin/requests").RequireAuthorization(AdminKey.Policy).WithTags("Admin").ProducesProblem(404));
        // Instead of a 405, which would tell that there is something.
        endpoints.Map("/admin/{**rest}", () => Problems.Result("not-found")).AllowAnonymous().ExcludeFromDescription();
        return endpoints;
    }

    private static void MapSession(RouteGroupBuilder session)
    {
        session.MapPost("", AdminSession.Begin).AllowAnonymous().WithName("BeginAdminSession")
            .WithSummary("A cookie for the admin key, for browsers.").ProducesProblem(404).ProducesProblem(429);
        session.MapGet("", AdminSession.Show).RequireAuthorization(AdminKey.Policy).WithName("GetAdminSession")
            .WithSummary("How the admin stands in the events.").ProducesProblem(404);
        session.MapDelete("", (Delegate)AdminSession.End).AllowAnonymous().WithName("EndAdminSession").WithSummary("This browser forgets the admin key.");
    }

    private static void MapRequests(RouteGroupBuilder group)
    {
        group.MapGet("", (
            string? status, string? held, string? stalled, string? kind, string? owner, string? minAge, string? maxAge, string? error, string? limit, string? cursor,
            HttpContext context, FindRequests find, CancellationToken cancellationToken) =>
            find.HandleAsync(context, new(status, held, stalled, kind, owner, minAge, maxAge, error, limit, cursor), cancellationToken)).WithName("FindRequests")
            .WithSummary("Requests of all owners, newest first.").Produces<FoundPage>().ProducesProblem(400);
        group.MapGet("/{id}", (string id, HttpContext context, GetInFull get, CancellationToken cancellationToken) =>
            get.HandleAsync(context, id, cancellationToken)).WithName("GetRequestInFull")
            .WithSummary("A request with payload, result, attempts and trace.").Produces<AdminDocument>().Produces(304);
        group.MapGet("/{id}/result", (string id, HttpContext context, GetInFull get, CancellationToken cancellationToken) =>
            get.ResultAsync(context, id, cancellationToken)).WithName("GetResultInFull").WithSummary("A result alone.");
        group.MapGet("/{id}/events", (string id, string? after, string? limit, HttpContext context, GetEvents get, CancellationToken cancellationToken) =>
            get.HandleAsync(context, id, after, limit, cancellationToken)).WithName("GetStoredEvents")
            .WithSummary("The stored events, in order.").Produces<EventsPage>().ProducesProblem(400);
        group.MapGet("/{id}/state", (string id, string? version, HttpContext context, GetStateAt get, CancellationToken cancellationToken) =>
            get.HandleAsync(context, id, version, cancellationToken)).WithName("GetStateAt")
            .WithSummary("The state as of a version.").Produces<StateAt>().ProducesProblem(400);
        group.MapPost("/{id}/retry", (string id, HttpContext context, ChangeRequest change, CancellationToken cancellationToken) =>
            RequestId.TryParse(id, out var request) ? change.RetryAsync(context, request, ChangerOf(context), cancellationToken) : NotFound()).WithName("RetryAsAdmin")
            .WithSummary("Begins another attempt of a held request.").Produces<StatusDocument>(202).ProducesProblem(409);
        group.MapDelete("/{id}", (string id, HttpContext context, ChangeRequest change, CancellationToken cancellationToken) =>
            RequestId.TryParse(id, out var request) ? change.CancelAsync(context, request, ChangerOf(context), cancellationToken) : NotFound()).WithName("CancelAsAdmin")
            .WithSummary("Cancels a request.").Produces<StatusDocument>(202).ProducesProblem(409);
    }

    private static Task<IResult> NotFound() => Task.FromResult<IResult>(Problems.Result("not-found"));

    private static Changer ChangerOf(HttpContext context) => new(AdminKey.NameOf(context.User), "/admin/requests");
}
