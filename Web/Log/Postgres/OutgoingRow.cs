using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>A message or timer that a step puts into the outbox. The one made of it when it is due is an <see cref="Outgoing"/>.</summary>
internal sealed record OutgoingRow(
    Guid RequestId, string Type, string Kind, int Attempt, int Hop, int? Version, string? Body, DateTimeOffset DueAt)
{
    public static DateTimeOffset? DueOf(Commit item, DispatchPlan plan) => plan.Stop is not null ? item.At : plan.WorkDueAt;

    public static IEnumerable<OutgoingRow> Of(Commit item, DispatchPlan plan)
    {
        var state = item.After;
        if (plan.WorkDueAt is { } dueAt)
            yield return new(state.Id, "work", state.NextKind, state.Attempt, state.ResumeHop, state.ResumeVersion, null, dueAt);
        if (plan.Stop is { } reason)
        {
            // A superseded attempt must stop, its successor must not.
            var body = JsonSerializer.Serialize(new StopWork(reason, UpToAttempt: item.Before.Attempt), FeedbackJson.Options);
            yield return new(state.Id, "stop", state.Kind, item.Before.Attempt, state.Hop, null, body, item.At);
        }

        if (plan.GiveUpOnCancelAt is { } giveUpAt)
            yield return new(state.Id, "timer", DueTimer.GiveUpOnCancel, state.Attempt, state.Hop, null, null, giveUpAt);
    }
}
