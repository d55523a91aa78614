using System.Globalization;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Feedback;

/// <summary>The events of one request as server-sent events: the past above a version, then live, until the request has ended.</summary>
internal sealed class RequestEventsStream(RequestState state, int after) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => EventStream.RunAsync(httpContext, "sse-request", async (stream, feed, heartbeat, cancellationToken) =>
    {
        using var subscription = await feed.FollowAsync(state.Owner, state.Id, after, heartbeat, cancellationToken);
        await stream.SendAllAsync(subscription, WriteEvents, untilDone: true, cancellationToken);
    });

    private static void WriteEvents(EventStream stream, Change change)
    {
        foreach (var e in change.Events)
            stream.Write(e.Version.ToString(CultureInfo.InvariantCulture), e.Type, e.Utf8.Span);
    }
}
