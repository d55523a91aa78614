using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Log;

/// <summary>
/// What a worker's report means. Reports arrive twice and in any order, at several instances at once: every report implies the start of its
/// run, an older progress loses, output counts by its index, and the first success wins.
/// </summary>
internal static class ReportDecisions
{
    public static Decision Decide(RequestState state, TakeReport command, KindPolicy policy, DateTimeOffset now)
    {
        if (state.Done)
            return Decision.Nothing with { StopRun = command.Report.Started is not null && command.Report.Outcome is null };

        // A sender that does not say which attempt and hop can only be believed about the first: a guess would count its repeats as new.
        var attempt = Math.Max(command.Attempt, 1);
        var draft = new Draft(state, now);
        var isCurrent = Begin(draft, command, attempt);
        if (isCurrent)
        {
            Progress(draft, command.Report.Progress, attempt, command.Run);
            Output(draft, command.Report.Output, attempt, command.Run);
        }
        End(draft, command, attempt, isCurrent, policy);

        var wantsStop = command.Report.Outcome is null && (!isCurrent || draft.State.CancelRequestedAt is not null);
        return new(draft.Events, StopRun: wantsStop && command.Report.Started is not null);
    }

    private static bool Begin(Draft draft, TakeReport command, int attempt)
    {
        var state = draft.State;
        if (!state.Open || attempt != state.Attempt)
            return false;
        if (state.Run == command.Run)
            return true;
        var hop = HopOf(command);
        var delivery = command.Report.Started?.Delivery ?? 0;
        if (hop < Math.Max(state.Hop, state.ResumeHop) || state.Superseded?.Contains(command.Run) == true)
            return false;
        // Redeliveries can overtake each other on the way here: the run of the later delivery stays the current one.
        // An outcome that overtakes its own start does not say which delivery it is, and must not be lost for that.
        var tellsDelivery = command.Report.Started is not null || command.Report.Outcome is null;
        if (state.Run is not null && hop == state.Hop && tellsDelivery && delivery < state.Delivery)
            return false;
        var started = command.Report.Started ?? new RunStarted(hop == state.ResumeHop ? state.NextKind : "", false);
        draft.Add(hop == 1
            ? new AttemptStarted(attempt, hop, started.Endpoint, command.Run, command.Report.Worker, started.Redelivered, delivery)
            : new HopStarted(attempt, hop, started.Endpoint, command.Run, command.Report.Worker, started.Redelivered, delivery));
        return true;
    }

    private static void Progress(Draft draft, RunProgress? progress, int attempt, Guid run)
    {
        if (progress is not null && progress.Sequence > draft.State.ProgressSequence)
            draft.Add(new ProgressReported(attempt, run, progress.Sequence, progress.Percent, progress.Message));
    }

    private static void Output(Draft draft, IReadOnlyList<RunOutput>? output, int attempt, Guid run)
    {
        foreach (var chunk in output ?? [])
        {
            var state = draft.State;
            var seen = chunk.Index < state.OutputNext || state.OutputAhead?.Contains(chunk.Index) == true;
            if (!seen && chunk.Index < state.OutputNext + RequestState.OutputWindow)
                draft.Add(new OutputAppended(attempt, run, chunk.Index, chunk.Chunk));
        }
    }

    private static void End(Draft draft, TakeReport command, int attempt, bool isCurrent, KindPolicy policy)
    {
        var state = draft.State;
        switch (command.Report.Outcome)
        {
            case RunSucceeded x:
                draft.Add(new RequestSucceeded(attempt, command.Run, x.Result));
                break;
            case RunForwarded x when Forwards(state, command, attempt):
                draft.Add(new HopForwarded(attempt, HopOf(command), x.Kind, x.Message));
                break;
            case RunFailed x when isCurrent && state.CancelRequestedAt is null && x.Permanent && !IsEarly(x, state, draft.Now):
                draft.Add(new RequestFailed(attempt, command.Run, x.Error));
                break;
            case RunFailed x when isCurrent:
                draft.Add(RequestDecisions.Fail(state, command.Run, x.Error, policy, draft.Now));
                break;
            case RunCanceled when isCurrent && state.CancelRequestedAt is not null:
                draft.Add(RequestDecisions.Canceled(state, reason: null));
                break;
            case RunCanceled when isCurrent:
                var nobodyAsked = Problem.Of("worker-canceled", "The worker stopped without having been asked to.");
                draft.Add(RequestDecisions.Fail(state, command.Run, nobodyAsked, policy, draft.Now));
                break;
            case RunAsked when isCurrent && state.CancelRequestedAt is not null:
                draft.Add(RequestDecisions.Canceled(state, reason: null));
                break;
            case RunAsked x when isCurrent:
                draft.Add(new InputRequested(attempt, x.Key, x.Question, x.Schema));
                break;
        }
    }

    /// <summary>
    /// A worker whose clock is ahead ends nothing: only PostgreSQL's decides about deadlines. But it has stopped, and nobody else works on the request;
    /// so its attempt has failed, and another may do better, or meet the deadline.
    /// </summary>
    private static bool IsEarly(RunFailed failed, RequestState state, DateTimeOffset now) =>
        failed.Error.Type == "/problems/deadline-exceeded" && now < state.Deadline;

    private static bool Forwards(RequestState state, TakeReport command, int attempt) =>
        state.Open && attempt == state.Attempt && HopOf(command) >= state.ResumeHop;

    private static int HopOf(TakeReport command) => Math.Max(command.Hop, 1);

    private sealed class Draft(RequestState state, DateTimeOffset now)
    {
        public List<RequestEvent> Events { get; } = [];

        public RequestState State { get; private set; } = state;

        public DateTimeOffset Now => now;

        public void Add(RequestEvent e)
        {
            Events.Add(e);
            State = State.Apply(e, now);
        }
    }
}
