using System.Security.Claims;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireFeedback.Web.Feedback;

/// <summary><c>GET /me/events</c>: every change of every request of the caller, as an event stream.</summary>
internal static class MyEvents
{
    public static Results<MyEventsStream, ProblemHttpResult> Handle(HttpRequest http, ClaimsPrincipal user)
    {
        DateTimeOffset? since = null;
        if (http.Headers["Last-Event-ID"] is [{ Length: > 0 } cursor])
        {
            if (!OwnerCursor.TryRead(cursor, out var at))
                return Problems.Result("invalid-request", "The header Last-Event-ID is not a cursor of this system.");
            since = at;
        }
        return new MyEventsStream(Owner.Required(user), since);
    }
}

/// <param name="since">Where the client was before; absent: changes from now on.</param>
internal sealed class MyEventsStream(Guid owner, DateTimeOffset? since) : IResult
{
    private const int Page = 200;
    private const int MostMissed = 2_000;

    public Task ExecuteAsync(HttpContext httpContext) => EventStream.RunAsync(httpContext, "sse-owner", async (stream, feed, heartbeat, cancellationToken) =>
    {
        var log = httpContext.RequestServices.GetRequiredService<IRequestLog>();
        using var subscription = await feed.FollowAsync(owner, heartbeat, cancellationToken);
        if (since is { } cursor)
            await CatchUpAsync(subscription, log, cursor - OwnerCursor.Overlap, cancellationToken);
        else
        {
            var now = (await log.LoadAsync([], cancellationToken)).Now;
            subscription.StartAt(now);
            await stream.SendIdAsync(OwnerCursor.Of(now), cancellationToken);
        }
        await stream.SendAllAsync(subscription, WriteChanged, untilDone: false, cancellationToken);
    });

    private async Task CatchUpAsync(Subscription subscription, IRequestLog log, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var missed = new List<RequestState>();
        var filter = new ListFilter { ChangedAfter = from, Limit = Page };
        IReadOnlyList<RequestState> page;
        do
        {
            page = await log.ListAsync(owner, filter, cancellationToken);
            missed.AddRange(page);
            filter = filter with { Before = page is [.., var oldest] ? (oldest.CreatedAt, oldest.Id) : null };
        }
        while (page.Count == Page && missed.Count < MostMissed);
        subscription.StartAt(from);
        // In the order of their cursors: a stream that breaks on the way goes on where it broke.
        foreach (var state in missed.OrderBy(state => state.UpdatedAt))
            subscription.Offer(Change.Told(state));
    }

    private static void WriteChanged(EventStream stream, Change change) => stream.Write(OwnerCursor.Of(change.At), "changed", change.Json.Span);
}
