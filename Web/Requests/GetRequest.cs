using AspireFeedback.Contracts;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Waiting;
using Microsoft.Net.Http.Headers;

namespace AspireFeedback.Web.Requests;

/// <summary><c>GET /requests/{id}</c>: the status document, 200 in every state. Unknown and foreign ids are the same 404.</summary>
internal sealed class GetRequest(LogReader reader, LiveFeed feed, QueueEstimates queues, KindCatalog kinds)
{
    public async Task<IResult> HandleAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        if (Prefer.Wait(context.Request) is not { } wait)
            return Problems.Result("invalid-query", "Prefer: wait takes whole seconds, for example wait=10.");
        if (await OwnedRequest.FindAsync(reader, context.User, id, cancellationToken) is not { } state)
            return Problems.Result("not-found");

        var known = context.Request.GetTypedHeaders().IfNoneMatch;
        var unchanged = Matches(known, state);
        var waits = wait > TimeSpan.Zero && (known.Count > 0 ? unchanged && !state.Done : !state.Done);
        if (wait > TimeSpan.Zero)
            Prefer.Applied(context.Response, wait);
        if (waits)
        {
            await feed.WaitAsync(state.Owner, state.Id, state.Version, untilDone: known.Count == 0, wait, cancellationToken);
            state = await OwnedRequest.FindAsync(reader, context.User, id, cancellationToken) ?? state;
            unchanged = Matches(known, state);
        }

        var queue = await queues.OfAsync(state, cancellationToken);
        RequestHeaders.Write(context.Response, state, queue);
        context.Response.Headers.ETag = RequestHeaders.ETagOf(state);
        return unchanged ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Json(StatusDocument.Of(state, kinds) with { Queue = queue }, FeedbackJson.Options);
    }

    /// <summary><c>GET /requests/{id}/result</c>: the result alone, as the worker wrote it.</summary>
    public async Task<IResult> ResultAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        if (await OwnedRequest.FindAsync(reader, context.User, id, cancellationToken) is not { Status: RequestStatus.Succeeded, Result: { } result } state)
            return Problems.Result("not-found");
        RequestHeaders.Write(context.Response, state);
        return TypedResults.Text(result, "application/json");
    }

    private static bool Matches(IList<EntityTagHeaderValue> known, RequestState state) =>
        known.Any(tag => tag.Tag.Value == "*" || tag.ToString() == RequestHeaders.ETagOf(state) || tag.Tag.Value == $"\"{state.Version}\"");
}
