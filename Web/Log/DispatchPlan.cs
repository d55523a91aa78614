namespace AspireFeedback.Web.Log;

/// <summary>What a step of a request means for its messages. Pure, and the same for every implementation of the log.</summary>
/// <param name="DropWork">Dispatches that are still in the outbox are void.</param>
/// <param name="WorkDueAt">A dispatch of the scheduled attempt is due then.</param>
/// <param name="Stop">Why workers are to stop, if they are.</param>
/// <param name="Guard">The run whose lease begins with this step, before its first heartbeat: it may die without one, and a broker may lose its message.</param>
/// <param name="Release">No run is current any more, so that none has a lease.</param>
/// <param name="GiveUpOnCancelAt">When a cancellation is over even if no worker has answered it.</param>
internal readonly record struct DispatchPlan(bool DropWork, DateTimeOffset? WorkDueAt, string? Stop, Guid? Guard, bool Release, DateTimeOffset? GiveUpOnCancelAt)
{
    public static TimeSpan CancelAnswerLimit { get; } = TimeSpan.FromSeconds(30);

    public static DispatchPlan Of(Commit commit)
    {
        var (before, after) = (commit.Before, commit.After);
        var cancels = before.CancelRequestedAt is null && after.CancelRequestedAt is not null;
        var schedules = after.Attempt > before.Attempt && after.Status is RequestStatus.Pending;
        // After a forward too: a dispatch that was sent but not yet taken out would bring the last hop's message again.
        var forwards = after.ResumeVersion != before.ResumeVersion;
        var dropsWork = cancels || !after.Open || after.Attempt > before.Attempt || forwards;
        return new(
            DropWork: dropsWork,
            WorkDueAt: schedules ? after.NextAttemptAt : null,
            Stop: StopReason(commit, cancels),
            // The next hop's start may overtake the forward that led to it: then the run of the next hop is current before and after.
            Guard: after.Status is RequestStatus.Running && (after.Run != before.Run || forwards) ? after.Run : null,
            Release: dropsWork && after.Run is null,
            GiveUpOnCancelAt: cancels && !after.Done ? commit.At + CancelAnswerLimit : null);
    }

    private static string? StopReason(Commit commit, bool cancels) => commit.Events.Count == 0 ? null : commit.Events[^1] switch
    {
        _ when cancels && !commit.After.Done => "canceled",
        AttemptStalled { NextAttemptAt: not null } => "superseded",
        RequestSucceeded x when commit.Before.Run is { } run && run != x.Run => "ended",
        RequestFailed { Error.Type: "/problems/deadline-exceeded" } => "ended",
        RequestCanceled { Reason: not null } => "ended",
        _ => null,
    };
}
