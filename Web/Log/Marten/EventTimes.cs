using IEvent = JasperFx.Events.IEvent;
using IEventStoreOperations = Marten.Events.IEventStoreOperations;

namespace AspireFeedback.Web.Log.Marten;

internal static class EventTimes
{
    /// <summary>An event with the time that it was decided at, instead of that of its writing.</summary>
    public static IEvent At(this IEventStoreOperations events, RequestEvent data, DateTimeOffset at)
    {
        var e = events.BuildEvent(data);
        e.Timestamp = at;
        return e;
    }
}
