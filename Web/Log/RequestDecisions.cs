using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Log;

/// <summary>What a command means for a request. Pure: time is an argument, and a command given twice decides nothing the second time.</summary>
internal static class RequestDecisions
{
    public static Decision Decide(RequestState state, RequestCommand command, KindPolicy policy, DateTimeOffset now) => command switch
    {
        TakeReport x => ReportDecisions.Decide(state, x, policy, now),
        BuryAttempt x => Bury(state, x, policy, now),
        CancelRequest x => Cancel(state, x, now),
        RetryRequest x => Retry(state, x),
        ProvideInput x => Answer(state, x),
        StallRun x => Stall(state, x, policy, now),
        ExpireRequest => Expire(state, now),
        GiveUpOnCancel => state.Done || state.CancelRequestedAt is null
            ? Decision.Nothing
            : Decision.Of(Canceled(state, "no worker answered")),
        _ => throw new InvalidOperationException($"No decision for {command.GetType().Name}."),
    };

    /// <summary>A failure of the current attempt, by whichever way it became known: the next attempt, or held.</summary>
    public static RequestEvent Fail(RequestState state, Guid? run, Problem error, KindPolicy policy, DateTimeOffset now)
    {
        if (state.CancelRequestedAt is not null)
            return Canceled(state, reason: null);
        var failures = state.Failures + 1;
        return new AttemptFailed(state.Attempt, run, error, failures < policy.MaxFailures ? now + Backoff(state, failures, policy) : null);
    }

    public static RequestCanceled Canceled(RequestState state, string? reason) =>
        new(state.Attempt, state.Run, state.CancelRequestedBy ?? "system", reason);

    /// <summary>Exponential, with jitter of up to a fifth that depends on nothing but the request and its attempt.</summary>
    public static TimeSpan Backoff(RequestState state, int failures, KindPolicy policy)
    {
        var exponential = policy.FirstBackoff.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 30));
        var seconds = Math.Min(exponential, policy.MaxBackoff.TotalSeconds);
        Span<byte> id = stackalloc byte[16];
        state.Id.TryWriteBytes(id);
        var spread = (id[15] ^ (byte)(state.Attempt * 37)) / 255.0;
        return TimeSpan.FromSeconds(seconds * (0.8 + 0.2 * spread));
    }

    private static Decision Bury(RequestState state, BuryAttempt command, KindPolicy policy, DateTimeOffset now)
    {
        if (!state.Open || command.Attempt != state.Attempt)
            return Decision.Nothing;
        var spared = state.CancelRequestedAt is null && IsSpared(state, command, policy);
        var error = new Problem(
            RequestState.WorkerDied,
            "The worker died again and again.",
            spared ? "Other work that it had may have been the cause: this is tried again alone." : $"The message was given up ({command.Reason}).");
        return Decision.Of(spared
            ? new AttemptFailed(state.Attempt, state.Run, error, now + Backoff(state, state.Spared + 1, policy)) { Spared = true }
            : Fail(state, state.Run, error, policy, now));
    }

    /// <summary>
    /// A worker that dies takes down whatever it has. Only who had begun with nothing beside it is known to be the cause; the start of what is run alone
    /// is in the log before its work begins. One killer can bring down the same neighbour with its first attempt and with each that counts; beyond that
    /// it is not its neighbour that kills.
    /// </summary>
    private static bool IsSpared(RequestState state, BuryAttempt command, KindPolicy policy)
    {
        var isKnownToKill = state.Alone && state.Run is not null;
        return !command.Refused && !isKnownToKill && state.Spared <= policy.MaxFailures;
    }

    private static Decision Cancel(RequestState state, CancelRequest command, DateTimeOffset now)
    {
        if (state.Done)
            return state.Status is RequestStatus.Canceled ? Decision.Nothing : Decision.Refuse(Refusal.AlreadyEnded);
        var nobodyWorks = state.Status is RequestStatus.InputRequired or RequestStatus.Held
            || (state.Status is RequestStatus.Pending && state.NextAttemptAt > now);
        if (nobodyWorks)
            return Decision.Of(new RequestCanceled(state.Attempt, null, command.By));
        return state.CancelRequestedAt is null ? Decision.Of(new CancellationRequested(command.By)) : Decision.Nothing;
    }

    private static Decision Retry(RequestState state, RetryRequest command) => state.Status is not RequestStatus.Held
        ? Decision.Refuse(state.Done ? Refusal.AlreadyEnded : Refusal.NotHeld)
        : command.Version is { } version && version != state.Version
            ? Decision.Refuse(Refusal.VersionMoved)
            : Decision.Of(new RetryRequested(command.By));

    private static Decision Answer(RequestState state, ProvideInput command)
    {
        if (state.Input is { } asked && (command.Key is null || command.Key == asked.Key))
            return Decision.Of(new InputProvided(asked.Key, command.Answer, command.By));
        var repeated = Holds(state.Answers) || Holds(state.EarlierAnswers);
        return repeated ? Decision.Nothing : Decision.Refuse(state.Done ? Refusal.AlreadyEnded : Refusal.NotAsked);

        bool Holds(IReadOnlyDictionary<string, JsonElement>? given) =>
            given?.Any(known => (command.Key is null || command.Key == known.Key) && JsonElement.DeepEquals(known.Value, command.Answer)) == true;
    }

    private static Decision Stall(RequestState state, StallRun command, KindPolicy policy, DateTimeOffset now)
    {
        if (state.Status is not RequestStatus.Running || state.Run != command.Run)
            return Decision.Nothing;
        if (state.CancelRequestedAt is not null)
            return Decision.Of(Canceled(state, "no worker answered"));
        if (!policy.Takeover)
            return state.Stalled ? Decision.Nothing : Decision.Of(new AttemptStalled(state.Attempt, command.Run, command.LastSeen, null));
        var failures = state.Failures + 1;
        return Decision.Of(failures < policy.MaxFailures
            ? new AttemptStalled(state.Attempt, command.Run, command.LastSeen, now + Backoff(state, failures, policy))
            : new AttemptFailed(state.Attempt, command.Run, Problem.Of("worker-silent", "The worker has not been heard of any more."), null));
    }

    private static Decision Expire(RequestState state, DateTimeOffset now)
    {
        if (state.Done || now < state.Deadline)
            return Decision.Nothing;
        if (state.CancelRequestedAt is not null)
            return Decision.Of(Canceled(state, "deadline"));
        var detail = state is { Attempt: 1, Hop: 0 } ? "The work was never started." : "The work was not finished in time.";
        return Decision.Of(new RequestFailed(state.Attempt, state.Run, Problem.Of("deadline-exceeded", "The deadline has passed.", detail)));
    }
}
