using System.Globalization;
using System.Net.Mime;
using System.Security.Claims;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace AspireFeedback.Web.Feedback;

/// <summary>A part of a request's stream.</summary>
/// <param name="Version">Of the request at present.</param>
/// <param name="More">Whether there are events after the last of these.</param>
internal sealed record EventsPage(IReadOnlyList<EventView> Events, int Version, bool More);

/// <summary><c>GET /requests/{id}/events</c>: a page as JSON, or all of it live as an event stream.</summary>
internal static class RequestEvents
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    public static async Task<Results<JsonHttpResult<EventsPage>, RequestEventsStream, NoContent, ProblemHttpResult>> HandleAsync(
        string id, string? after, string? limit, HttpRequest http, ClaimsPrincipal user, IRequestLog log, LogReader reader, CancellationToken cancellationToken)
    {
        var live = http.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals(MediaTypeNames.Text.EventStream, StringComparison.OrdinalIgnoreCase));
        // What the browser saw last is newer than the address that it opened.
        string? lastSeen = live && http.Headers["Last-Event-ID"] is [{ Length: > 0 } last] ? last : null;
        if (Number(lastSeen ?? after, ifAbsent: 0, 0, int.MaxValue - 1) is not { } above)
            return lastSeen is null
                ? Problems.Result("invalid-query", "'after' is a version: 0, 1, 2 …")
                : Problems.Result("invalid-request", "The header Last-Event-ID is a version: 0, 1, 2 …");
        if (Number(limit, DefaultLimit, 1, MaxLimit) is not { } most)
            return Problems.Result("invalid-query", $"'limit' is a number from 1 to {MaxLimit}.");
        if (await OwnedRequest.FindAsync(reader, user, id, cancellationToken) is not { } state)
            return Problems.Result("not-found");

        if (live)
            return state.Done && above >= state.Version ? TypedResults.NoContent() : new RequestEventsStream(state, Math.Min(above, state.Version));

        var stored = await log.ReadStreamAsync(state.Id, above, most, cancellationToken);
        var version = stored is [.., var newest] ? Math.Max(newest.Version, state.Version) : state.Version;
        http.HttpContext.Response.Headers.CacheControl = "private, no-cache";
        http.HttpContext.Response.Headers.Append(HeaderNames.Vary, "Cookie, Authorization, Accept");
        var page = new EventsPage([.. stored.Select(EventView.Of)], version, More: stored is [.., var shown] && shown.Version < version);
        return TypedResults.Json(page, FeedbackJson.Options);
    }

    private static int? Number(string? text, int ifAbsent, int min, int max) =>
        text is null ? ifAbsent
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? value
        : null;
}
