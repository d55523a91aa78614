using System.Globalization;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Waiting;

namespace AspireFeedback.Web.Requests;

internal sealed record RequestPage(IReadOnlyList<StatusDocument> Requests);

/// <summary><c>GET /requests</c>: the owner's requests, newest first by acceptance, without large results.</summary>
internal sealed class ListRequests(IRequestLog log, QueueEstimates queues, KindCatalog kinds)
{
    private const int MaxLimit = 200;

    public async Task<IResult> HandleAsync(HttpContext context, string? status, string? kind, string? limit, string? cursor, CancellationToken cancellationToken)
    {
        if (kind?.Contains('\0', StringComparison.Ordinal) == true)
            return Problems.Result("invalid-query", "kind is the name of a kind.");
        if (!TryRead(status, limit, cursor, out var filter, out var reason))
            return Problems.Result("invalid-query", reason);
        var found = await log.ListAsync(Owner.Required(context.User), filter with { Kind = kind, Limit = filter.Limit + 1 }, cancellationToken);
        if (found.Count > filter.Limit)
            context.Response.Headers.Link = $"<{FeedbackEndpoint.UrlOf(context, NextUrl(status, kind, filter.Limit, found[filter.Limit - 1]))}>; rel=\"next\"";
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.Headers.Vary = "Cookie, Authorization";
        var documents = new List<StatusDocument>(filter.Limit);
        foreach (var state in found.Take(filter.Limit))
            documents.Add(StatusDocument.Of(state, kinds, withResult: false) with { Queue = await queues.OfAsync(state, cancellationToken) });
        return TypedResults.Json(new RequestPage(documents), FeedbackJson.Options);
    }

    private static bool TryRead(string? status, string? limit, string? cursor, out ListFilter filter, out string reason)
    {
        filter = new();
        reason = "";
        if (status is not null)
        {
            if (!Enum.TryParse<RequestStatus>(status, out var wanted) || !Enum.GetNames<RequestStatus>().Contains(status))
                reason = $"status is one of {string.Join(", ", Enum.GetNames<RequestStatus>())}.";
            filter = filter with { Status = wanted };
        }

        if (limit is not null)
        {
            if (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > MaxLimit)
                reason = $"limit is a number from 1 to {MaxLimit}.";
            filter = filter with { Limit = Math.Clamp(count, 1, MaxLimit) };
        }

        if (cursor is not null)
        {
            if (PageCursor.Decode(cursor) is not { } before)
                reason = "cursor is one that an earlier page gave.";
            else
                filter = filter with { Before = before };
        }

        return reason.Length == 0;
    }

    private static string NextUrl(string? status, string? kind, int limit, RequestState last) =>
        "/requests?" + string.Join('&', new[]
        {
            status is null ? null : $"status={status}",
            kind is null ? null : $"kind={Uri.EscapeDataString(kind)}",
            $"limit={limit}",
            $"cursor={PageCursor.Encode((last.CreatedAt, last.Id))}",
        }.Where(part => part is not null));
}
