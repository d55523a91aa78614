using System.Globalization;
using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Admin;

/// <summary><c>GET /admin/requests/{id}/events</c>: the stream as it is stored, page by page.</summary>
internal sealed class GetEvents(IRequestLog log)
{
    private const int DefaultLimit = 200;
    private const int MaxLimit = 1_000;

    public async Task<IResult> HandleAsync(HttpContext context, string id, string? after, string? limit, CancellationToken cancellationToken)
    {
        if (!TryRead(after, ifAbsent: 0, 0, int.MaxValue - 1, out var above))
            return Problems.Result("invalid-query", "after is a version: 0, 1, 2 …");
        if (!TryRead(limit, DefaultLimit, 1, MaxLimit, out var most))
            return Problems.Result("invalid-query", $"limit is a number from 1 to {MaxLimit}.");
        if (await AnyRequest.FindAsync(log, id, cancellationToken) is not { } state)
            return Problems.Result("not-found");
        var stored = await log.ReadStreamAsync(state.Id, above, most, cancellationToken);
        var version = stored is [.., var newest] ? Math.Max(newest.Version, state.Version) : state.Version;
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Json(
            new EventsPage([.. stored.Select(View)], version, More: stored is [.., var shown] && shown.Version < version), FeedbackJson.Options);
    }

    public static bool TryRead(string? text, int ifAbsent, int min, int max, out int value)
    {
        value = ifAbsent;
        return text is null || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max);
    }

    private static EventView View(StoredEvent stored)
    {
        var view = EventView.Of(stored);
        return stored.Event is RequestSucceeded x && view.Data.TryGetProperty("resultUrl", out _)
            ? view with { Data = JsonSerializer.SerializeToElement(new { x.Attempt, x.Run, resultUrl = $"/admin/requests/{stored.RequestId}/result" }, FeedbackJson.Options) }
            : view;
    }
}
