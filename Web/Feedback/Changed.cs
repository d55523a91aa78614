using System.Runtime.InteropServices;
using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Feedback;

/// <summary>What is pushed over every channel when a request has moved on.</summary>
/// <param name="From">The version before the first event; who stands below it has missed something.</param>
/// <param name="Events">Versions <paramref name="From"/>+1 up to that of <paramref name="Status"/>, in order.</param>
/// <param name="Cursor">The owner's place after this change, for a later <c>since</c>.</param>
internal sealed record Changed(Guid Id, int From, IReadOnlyList<EventView> Events, StatusDocument Status, string Cursor);

/// <summary>An event as owners see it. A large result is not repeated here: it has its own address.</summary>
internal sealed record EventView(int Version, string Type, DateTimeOffset At, JsonElement Data)
{
    public static EventView Of(StoredEvent stored) => new(stored.Version, EventNames.NameOf(stored.Event), stored.At, DataOf(stored));

    private static JsonElement DataOf(StoredEvent stored) => stored.Event switch
    {
        RequestSucceeded succeeded when JsonMarshal.GetRawUtf8Value(succeeded.Result).Length > StatusDocument.InlineResultLimit =>
            JsonSerializer.SerializeToElement(new { succeeded.Attempt, succeeded.Run, resultUrl = $"/requests/{stored.RequestId}/result" }, FeedbackJson.Options),
        var any => JsonSerializer.SerializeToElement(any, any.GetType(), FeedbackJson.Options),
    };
}

/// <summary>A committed change, handed to the live feed after the commit.</summary>
/// <param name="State">After the events.</param>
/// <param name="Events">In order, the last has the version of <paramref name="State"/>. Empty: the version is told again, for who missed it.</param>
internal sealed record Announcement(RequestState State, IReadOnlyList<StoredEvent> Events);
