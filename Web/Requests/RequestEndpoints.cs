using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Waiting;

namespace AspireFeedback.Web.Requests;

/// <summary>The routes of <c>docs/http.md</c> under <c>/requests</c>; each leads to its use case.</summary>
internal static class RequestEndpoints
{
    public static IServiceCollection AddRequests(this IServiceCollection services) => services
        .AddSingleton<QueueEstimates>()
        .AddSingleton<SubmitBatches>()
        .AddSingleton<SubmitRequest>()
        .AddSingleton<GetRequest>()
        .AddSingleton<ListRequests>()
        .AddSingleton<ChangeRequest>();

    public static void MapRequests(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/requests").RequireAuthorization(Owner.Policy).WithTags("Requests");
        group.MapPut("/{id}", (HttpContext context, string id, SubmitRequest submit, CancellationToken cancellationToken) =>
            submit.HandleAsync(context, id, cancellationToken)).WithName("SubmitRequest");
        group.MapPost("/", (HttpContext context, SubmitRequest submit, CancellationToken cancellationToken) =>
            IdempotencyKey(context.Request) is { } key
                ? submit.HandleAsync(context, key, cancellationToken)
                : Task.FromResult<IResult>(Problems.Result("invalid-id", "POST needs the header Idempotency-Key with a UUID; it becomes the id of the request."))).WithName("SubmitRequestByKey");
        group.MapGet("/", (HttpContext context, string? status, string? kind, string? limit, string? cursor, ListRequests list, CancellationToken cancellationToken) =>
            list.HandleAsync(context, status, kind, limit, cursor, cancellationToken)).WithName("ListRequests");
        group.MapGet("/{id}", (HttpContext context, string id, GetRequest get, CancellationToken cancellationToken) =>
            get.HandleAsync(context, id, cancellationToken)).WithName("GetRequest");
        group.MapGet("/{id}/result", (HttpContext context, string id, GetRequest get, CancellationToken cancellationToken) =>
            get.ResultAsync(context, id, cancellationToken)).WithName("GetResult");
        group.MapDelete("/{id}", (HttpContext context, string id, ChangeRequest change, CancellationToken cancellationToken) =>
            change.CancelAsync(context, id, cancellationToken)).WithName("CancelRequest");
        group.MapPost("/{id}/retry", (HttpContext context, string id, ChangeRequest change, CancellationToken cancellationToken) =>
            change.RetryAsync(context, id, cancellationToken)).WithName("RetryRequest");
        group.MapPost("/{id}/input", (HttpContext context, string id, ChangeRequest change, CancellationToken cancellationToken) =>
            change.AnswerAsync(context, id, cancellationToken)).WithName("ProvideInput");
    }

    /// <summary>The draft writes the key as a quoted string; unquoted ones are common.</summary>
    private static string? IdempotencyKey(HttpRequest request) =>
        request.Headers["Idempotency-Key"] is [{ } key] && key.Trim().Trim('"') is var id && RequestId.TryParse(id, out _) ? id : null;
}
