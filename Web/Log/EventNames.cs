using System.Collections.Frozen;
using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Log;

/// <summary>The one map between event records and their stored names. A changed shape gets a new name and an upcaster, never a silent edit.</summary>
internal static class EventNames
{
    private static readonly FrozenDictionary<string, Type> TypesByName = new Dictionary<string, Type>
    {
        ["request-accepted"] = typeof(RequestAccepted),
        ["attempt-started"] = typeof(AttemptStarted),
        ["hop-started"] = typeof(HopStarted),
        ["progress-reported"] = typeof(ProgressReported),
        ["output-appended"] = typeof(OutputAppended),
        ["hop-forwarded"] = typeof(HopForwarded),
        ["input-requested"] = typeof(InputRequested),
        ["input-provided"] = typeof(InputProvided),
        ["attempt-failed"] = typeof(AttemptFailed),
        ["attempt-stalled"] = typeof(AttemptStalled),
        ["retry-requested"] = typeof(RetryRequested),
        ["cancellation-requested"] = typeof(CancellationRequested),
        ["request-succeeded"] = typeof(RequestSucceeded),
        ["request-failed"] = typeof(RequestFailed),
        ["request-canceled"] = typeof(RequestCanceled),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, string> NamesByType = TypesByName.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    public static IEnumerable<string> All => TypesByName.Keys;

    public static string NameOf(RequestEvent e) => NamesByType[e.GetType()];

    public static string Write(RequestEvent e) => JsonSerializer.Serialize(e, e.GetType(), FeedbackJson.Options);

    public static RequestEvent Read(string name, string data) =>
        TypesByName.TryGetValue(name, out var type)
            ? (RequestEvent)JsonSerializer.Deserialize(data, type, FeedbackJson.Options)!
            : throw new InvalidDataException($"The log holds an event '{name}' that this version does not know.");
}
