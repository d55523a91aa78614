using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>The messages of a request, made from its snapshot and the payload that stands in its stream.</summary>
internal static class OutgoingRows
{
    public static Outgoing Work(RequestState state, long id, Guid messageId, string payload) =>
        new(id, state.Id, messageId, OutgoingType.Work, state.NextKind, state.Attempt, state.ResumeHop, BodyOf(payload, state.Answers))
        {
            Alone = state.Alone,
            Owner = state.Owner,
            Deadline = state.Deadline,
            Files = state.Files,
            TraceParent = state.TraceParent,
            TraceState = state.TraceState,
        };

    public static Outgoing Stop(RequestState state, long id, Guid messageId, string body) =>
        new(id, state.Id, messageId, OutgoingType.Stop, state.Kind, state.Attempt, state.Hop, body)
        {
            Owner = state.Owner,
            TraceParent = state.TraceParent,
            TraceState = state.TraceState,
        };

    /// <summary>The payload's own text goes out, so that its numbers stay as they were written.</summary>
    private static string BodyOf(string payload, IReadOnlyDictionary<string, JsonElement>? answers) => answers is { Count: > 0 }
        ? $$"""{"payload":{{payload}},"answers":{{JsonSerializer.Serialize(answers, FeedbackJson.Options)}}}"""
        : $$"""{"payload":{{payload}}}""";
}
