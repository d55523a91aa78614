using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Log;

/// <summary>
/// The one map between event records and their stored names. A member that may be absent can be added to a record; any other change of a shape is a
/// new shape, with a function here that makes it of the one before, and a test on stored JSON. What no running version writes yet may be read by all:
/// a release that reads a shape goes out before the one that writes it (<c>docs/log.md</c>).
/// </summary>
internal static class EventNames
{
    private static readonly EventShapes Shapes = new(
        new EventShape("request-accepted", typeof(RequestAccepted)),
        new EventShape("attempt-started", typeof(AttemptStarted)),
        new EventShape("hop-started", typeof(HopStarted)),
        new EventShape("progress-reported", typeof(ProgressReported)),
        new EventShape("output-appended", typeof(OutputAppended)),
        new EventShape("hop-forwarded", typeof(HopForwarded)),
        new EventShape("input-requested", typeof(InputRequested)),
        new EventShape("input-provided", typeof(InputProvided)),
        new EventShape("attempt-failed", typeof(AttemptFailed)),
        new EventShape("attempt-stalled", typeof(AttemptStalled)),
        new EventShape("retry-requested", typeof(RetryRequested)),
        new EventShape("cancellation-requested", typeof(CancellationRequested)),
        new EventShape("request-succeeded", typeof(RequestSucceeded)),
        new EventShape("request-failed", typeof(RequestFailed)),
        new EventShape("request-canceled", typeof(RequestCanceled)));

    public static IEnumerable<string> All => Shapes.Names;

    public static IEnumerable<Type> Types => Shapes.Types;

    /// <summary>As clients and queries see it, whatever the shape.</summary>
    public static string NameOf(RequestEvent e) => Shapes.Of(e.GetType()).Name;

    public static string StoredNameOf(RequestEvent e) => StoredNameOf(e.GetType());

    public static string StoredNameOf(Type type) => Shapes.Of(type).StoredName;

    public static string Write(RequestEvent e) => JsonSerializer.Serialize(e, e.GetType(), FeedbackJson.Options);

    /// <param name="requestId">Of whom it is told if it cannot be read; likewise <paramref name="version"/>.</param>
    /// <exception cref="StoredEventException">This version cannot read it.</exception>
    public static RequestEvent Read(string storedName, string data, Guid requestId = default, int version = 0) =>
        Shapes.Read(storedName, data, requestId, version);
}
