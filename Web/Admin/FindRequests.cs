using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Requests;

namespace AspireFeedback.Web.Admin;

/// <param name="Next">The address of the next page; absent at the end. A page with few requests or none may have a next one.</param>
/// <param name="LookedBackTo">With <paramref name="Next"/>: requests accepted since then have been looked at.</param>
internal sealed record FoundPage(IReadOnlyList<OwnedDocument> Requests, string? Next, DateTimeOffset? LookedBackTo);

/// <summary><c>GET /admin/requests</c>: requests of all owners by filters, newest first by acceptance.</summary>
internal sealed class FindRequests(IRequestSearch log, KindCatalog kinds)
{
    public async Task<IResult> HandleAsync(HttpContext context, SearchQuery query, CancellationToken cancellationToken)
    {
        if (query.Read(out var search) is { } reason)
            return Problems.Result("invalid-query", reason);
        var found = await log.FindAsync(search, cancellationToken);
        var next = found.Next is { } place ? FeedbackEndpoint.UrlOf(context, $"/admin/requests{query.From(PageCursor.Encode(place))}") : null;
        if (next is not null)
            context.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Json(
            new FoundPage([.. found.Requests.Select(state => new OwnedDocument(StatusDocument.Of(state, kinds, withResult: false), state.Owner))], next, found.Next?.CreatedAt),
            FeedbackJson.Options);
    }
}
