using AspireFeedback.Web.Identity;
using AspireFeedback.Web.OpenApi;
using AspireFeedback.Web.Waiting;

namespace AspireFeedback.Web.Requests;

/// <summary>The routes of <c>docs/http.md</c> under <c>/requests</c>; each leads to its use case.</summary>
internal static class RequestEndpoints
{
    private const string Wait = "wait=N: seconds to wait for the end, 60 at most (RFC 7240).";

    private static readonly string[] OfSubmit =
    [
        "invalid-id", "invalid-query", "invalid-json", "unknown-kind", "invalid-payload", "gone", "too-large", "unsupported-media-type", "id-reused",
        "too-many-open", "too-fast", "overloaded",
    ];

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
        MapSubmit(group);
        MapReads(group);
        MapChanges(group);
    }

    private static void MapSubmit(RouteGroupBuilder group)
    {
        group.MapPut("/{id}", (HttpContext context, string id, SubmitRequest submit, CancellationToken cancellationToken) =>
                submit.HandleAsync(context, id, cancellationToken))
            .Describe("SubmitRequest", "Accepts work.", "The client makes the id. The same again is one request; whoever does not know what became of a call repeats it.")
            .AnswersSubmit();
        group.MapPost("/", (HttpContext context, SubmitRequest submit, CancellationToken cancellationToken) =>
                IdempotencyKey(context.Request) is { } key
                    ? submit.HandleAsync(context, key, cancellationToken)
                    : Task.FromResult<IResult>(Problems.Result("invalid-id", "POST needs the header Idempotency-Key with a UUID; it becomes the id of the request.")))
            .Describe("SubmitRequestByKey", "Accepts work under the id in Idempotency-Key.", "The same as PUT.")
            .Header("Idempotency-Key", "The id, a UUID that the client makes; quotes are optional.")
            .AnswersSubmit();
    }

    private static void MapReads(RouteGroupBuilder group)
    {
        group.MapGet("/", (HttpContext context, string? status, string? kind, string? limit, string? cursor, ListRequests list, CancellationToken cancellationToken) =>
                list.HandleAsync(context, status, kind, limit, cursor, cancellationToken))
            .Describe("ListRequests", "The caller's requests, newest first.")
            .Parameter("status", "Only those.", """{"type":"string","enum":["Pending","Running","InputRequired","Held","Succeeded","Failed","Canceled"]}""")
            .Parameter("kind", "Only those.")
            .Parameter("limit", "How many on a page.", """{"type":"integer","minimum":1,"maximum":200,"default":50}""")
            .Parameter("cursor", "From the Link of the page before.")
            .Answers(200, "A page; Link leads to the next.", Examples.Page, "Link")
            .Refuses("invalid-query");
        group.MapGet("/{id}", (HttpContext context, string id, GetRequest get, CancellationToken cancellationToken) =>
                get.HandleAsync(context, id, cancellationToken))
            .Describe("GetRequest", "Where a request stands.", "200 in every state, failed and canceled too. With If-None-Match, Prefer: wait waits for another version.")
            .Header("Prefer", Wait).Header("If-None-Match", "The ETag of the last answer.")
            .Answers(200, "The status document.", Examples.Pending, "ETag", "Retry-After", "Expires", "Preference-Applied")
            .Answers(304, "It is still at that version.", "ETag", "Retry-After", "Expires", "Preference-Applied")
            .Refuses("invalid-query", "not-found");
        group.MapGet("/{id}/result", (HttpContext context, string id, GetRequest get, CancellationToken cancellationToken) =>
                get.ResultAsync(context, id, cancellationToken))
            .Describe("GetResult", "The result alone, as the worker wrote it.")
            .Answers(200, "The result, whose form the kind decides.", Examples.Succeeded.Result!.Value, "Expires")
            .Refuses("not-found");
    }

    private static void MapChanges(RouteGroupBuilder group)
    {
        group.MapDelete("/{id}", (HttpContext context, string id, ChangeRequest change, CancellationToken cancellationToken) =>
                change.CancelAsync(context, id, cancellationToken))
            .Describe("CancelRequest", "Asks for an end, again and again if need be.", "Best effort: what succeeds meanwhile has succeeded. The resource stays.")
            .Answers(200, "It is canceled already.", Examples.Canceled, "Location", "Expires")
            .Answers(202, "Cancellation is asked for, or the end at once.", Examples.CancelRequested, "Location", "Retry-After", "Expires")
            .Refuses("not-found", "already-ended");
        group.MapPost("/{id}/retry", (HttpContext context, string id, ChangeRequest change, CancellationToken cancellationToken) =>
                change.RetryAsync(context, id, cancellationToken))
            .Describe("RetryRequest", "Goes on with a request that is held.")
            .Reads(new RetryBody(7), optional: true)
            .Answers(202, "The next attempt is scheduled.", Examples.Retried, "Location", "Retry-After")
            .Refuses("invalid-json", "not-found", "already-ended", "not-held", "version-moved", "too-large", "unsupported-media-type");
        group.MapPost("/{id}/input", (HttpContext context, string id, ChangeRequest change, CancellationToken cancellationToken) =>
                change.AnswerAsync(context, id, cancellationToken))
            .Describe("ProvideInput", "Answers the question that a request waits for.", "The key may be left out; the same answer again is answered as the first time.")
            .Reads(new InputBody(Examples.Json("true"), "approve"))
            .Answers(202, "The work goes on.", Examples.Accepted, "Location", "Retry-After", "Expires")
            .Refuses("invalid-json", "invalid-answer", "not-found", "already-ended", "not-asked", "too-large", "unsupported-media-type");
    }

    private static void AnswersSubmit(this RouteHandlerBuilder endpoint) => endpoint
        .OnlyAsIntended()
        .Header("Prefer", Wait)
        .Reads(Examples.Submit)
        .Answers(200, "Accepted before, and ended; or ended within the wait.", Examples.Succeeded, "Location", "Expires", "Preference-Applied", "Idempotent-Replayed")
        .Answers(202, "Accepted: it will not be lost.", Examples.Accepted, "Location", "Retry-After", "Preference-Applied", "Idempotent-Replayed")
        .Refuses(OfSubmit);

    /// <summary>The draft writes the key as a quoted string; unquoted ones are common.</summary>
    private static string? IdempotencyKey(HttpRequest request) =>
        request.Headers["Idempotency-Key"] is [{ } key] && key.Trim().Trim('"') is var id && RequestId.TryParse(id, out _) ? id : null;
}
