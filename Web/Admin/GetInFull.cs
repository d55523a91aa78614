using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Requests;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Admin;

/// <summary><c>GET /admin/requests/{id}</c>: the request with payload, result, attempts and trace, whoever's it is.</summary>
internal sealed class GetInFull(IRequestLog log, KindCatalog kinds, IOptions<DashboardOptions> dashboard)
{
    public async Task<IResult> HandleAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        if (await AnyRequest.FindAsync(log, id, cancellationToken) is not { } state)
            return Problems.Result("not-found");
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.Headers.ETag = RequestHeaders.ETagOf(state);
        // The page asks again every few seconds; payloads and streams are read only when something has happened.
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.ToString() == RequestHeaders.ETagOf(state)))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);

        RequestAccepted? accepted = null;
        var attempts = new Attempts();
        await foreach (var stored in WholeStream.ReadAsync(log, state.Id, state.Version, cancellationToken))
        {
            accepted ??= stored.Event as RequestAccepted;
            attempts.Take(stored.Event, stored.At);
        }

        var document = StatusDocument.Of(state, kinds);
        return TypedResults.Json(
            new AdminDocument(document, state.Owner)
            {
                SubmittedBy = accepted?.Owner is { } submitter && submitter != state.Owner ? submitter : null,
                Payload = accepted?.Payload,
                Files = state.Files,
                Attempts = attempts.Spans,
                AttemptsUpTo = state.Version > WholeStream.Most ? WholeStream.Most : null,
                TraceUrl = dashboard.Value.TraceUrl(document.TraceId),
            },
            FeedbackJson.Options);
    }

    /// <summary><c>GET /admin/requests/{id}/result</c>: the result alone, as the worker wrote it.</summary>
    public async Task<IResult> ResultAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        if (await AnyRequest.FindAsync(log, id, cancellationToken) is not { Status: RequestStatus.Succeeded, Result: { } result })
            return Problems.Result("not-found");
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Text(result, "application/json");
    }
}

/// <summary>From an id in a URL to a request, for those who may see everybody's.</summary>
internal static class AnyRequest
{
    public static async Task<RequestState?> FindAsync(IRequestLog log, string id, CancellationToken cancellationToken) =>
        RequestId.TryParse(id, out var requestId) ? (await log.LoadAsync([requestId], cancellationToken)).ById.GetValueOrDefault(requestId) : null;
}
