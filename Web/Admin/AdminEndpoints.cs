using AspireFeedback.Web.Identity;
using AspireFeedback.Web.OpenApi;
using AspireFeedback.Web.Requests;
using Microsoft.AspNetCore.Mvc;

namespace AspireFeedback.Web.Admin;

/// <summary>The routes under <c>/admin</c>, for the installation's developers. Everybody else gets a 404 for whatever they try there.</summary>
internal static class AdminEndpoints
{
    private const int LargestKeyBody = 16 * 1024;
    private const string Flag = """{"type":"boolean"}""";
    private const string Seconds = """{"type":"integer","minimum":0}""";

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
        MapRequests(endpoints.MapGroup("/admin/requests").RequireAuthorization(AdminKey.Policy).WithTags("Admin"));
        // Instead of a 405, which would tell that there is something.
        endpoints.Map("/admin/{**rest}", () => Problems.Result("not-found")).AllowAnonymous().ExcludeFromDescription();
        return endpoints;
    }

    private static void MapSession(RouteGroupBuilder session)
    {
        session.MapPost("", AdminSession.Begin).AllowAnonymous()
            .Describe("BeginAdminSession", "A cookie for the admin key, for browsers.", "A wrong key is answered like an address that is not there.")
            .BodyLike(new AdminKeyBody("the key"))
            .Answers(204, "This browser has the cookie.", "Set-Cookie")
            .Refuses("not-found", "too-fast").RefusesBodies();
        session.MapGet("", AdminSession.Show).RequireAuthorization(AdminKey.Policy)
            .Describe("GetAdminSession", "How the admin stands in the events.")
            .Answers(200, "The admin.", new AdminWho("admin")).Refuses("not-found");
        session.MapDelete("", (Delegate)AdminSession.End).AllowAnonymous()
            .Describe("EndAdminSession", "This browser forgets the admin key.").Answers(204, "It is forgotten.", "Set-Cookie");
    }

    private static void MapRequests(RouteGroupBuilder group)
    {
        group.MapGet("", (
            string? status, string? held, string? stalled, string? kind, string? owner, string? minAge, string? maxAge, string? error, string? limit, string? cursor,
            HttpContext context, FindRequests find, CancellationToken cancellationToken) =>
            find.HandleAsync(context, new(status, held, stalled, kind, owner, minAge, maxAge, error, limit, cursor), cancellationToken))
            .Describe("FindRequests", "Requests of all owners, newest first.")
            .Parameter("status", "Only those.").Parameter("kind", "Only those.").Parameter("owner", "Only those of an owner, by id.")
            .Parameter("held", "true: only what is held.", Flag).Parameter("stalled", "true: only what is stalled.", Flag)
            .Parameter("minAge", "Accepted so many seconds ago at least.", Seconds).Parameter("maxAge", "Accepted so many seconds ago at most.", Seconds)
            .Parameter("error", "Text in the present error.")
            .Parameter("limit", "How many on a page.", """{"type":"integer","minimum":1,"maximum":200,"default":50}""").Parameter("cursor", "From the Link of the page before.")
            .Answers(200, "A page; next leads to the next one.", new FoundPage([AdminExamples.Found], "/admin/requests?cursor=AZ", AdminExamples.Found.CreatedAt), "Link")
            .Refuses("invalid-query", "not-found");
        group.MapGet("/{id}", (string id, HttpContext context, GetInFull get, CancellationToken cancellationToken) => get.HandleAsync(context, id, cancellationToken))
            .Describe("GetRequestInFull", "A request with payload, result, attempts and trace.").Header("If-None-Match", "The ETag of the last answer.")
            .Answers(200, "All that is known.", AdminExamples.Full, "ETag").Answers(304, "It is still at that version.", "ETag").Refuses("not-found");
        group.MapGet("/{id}/result", (string id, HttpContext context, GetInFull get, CancellationToken cancellationToken) => get.ResultAsync(context, id, cancellationToken))
            .Describe("GetResultInFull", "A result alone.")
            .Answers(200, "As the worker wrote it.", Examples.Succeeded.Result!.Value).Refuses("not-found");
        group.MapGet("/{id}/events", (string id, string? after, string? limit, HttpContext context, GetEvents get, CancellationToken cancellationToken) =>
            get.HandleAsync(context, id, after, limit, cancellationToken))
            .Describe("GetStoredEvents", "The stored events, in order.")
            .Parameter("after", "The version above which to begin.", """{"type":"integer","minimum":0,"default":0}""")
            .Parameter("limit", "How many on a page.", """{"type":"integer","minimum":1,"maximum":1000,"default":200}""")
            .Answers(200, "A page of events.", Examples.Events).Refuses("invalid-query", "not-found");
        group.MapGet("/{id}/state", (string id, string? version, HttpContext context, GetStateAt get, CancellationToken cancellationToken) =>
            get.HandleAsync(context, id, version, cancellationToken))
            .Describe("GetStateAt", "The state as of a version.").Parameter("version", "The present one when absent.", """{"type":"integer","minimum":1}""")
            .Answers(200, "What the request was then.", AdminExamples.Then).Refuses("invalid-query", "not-found");
        group.MapPost("/{id}/retry", (string id, HttpContext context, ChangeRequest change, CancellationToken cancellationToken) =>
            RequestId.TryParse(id, out var request) ? change.RetryAsync(context, request, ChangerOf(context), cancellationToken) : NotFound())
            .Describe("RetryAsAdmin", "Begins another attempt of a held request.").Reads(new RetryBody(7), optional: true)
            .Answers(202, "The next attempt is scheduled.", Examples.Retried, "Location", "Retry-After")
            .Refuses("invalid-json", "not-found", "already-ended", "not-held", "version-moved", "too-large", "unsupported-media-type");
        group.MapDelete("/{id}", (string id, HttpContext context, ChangeRequest change, CancellationToken cancellationToken) =>
            RequestId.TryParse(id, out var request) ? change.CancelAsync(context, request, ChangerOf(context), cancellationToken) : NotFound())
            .Describe("CancelAsAdmin", "Cancels a request.")
            .Answers(200, "It is canceled already.", Examples.Canceled, "Location", "Expires")
            .Answers(202, "Cancellation is asked for, or the end at once.", Examples.CancelRequested, "Location", "Retry-After", "Expires")
            .Refuses("not-found", "already-ended");
    }

    private static Task<IResult> NotFound() => Task.FromResult<IResult>(Problems.Result("not-found"));

    private static Changer ChangerOf(HttpContext context) => new(AdminKey.NameOf(context.User), "/admin/requests");
}
