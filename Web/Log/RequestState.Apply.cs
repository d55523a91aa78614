using System.Text.Json;

namespace AspireFeedback.Web.Log;

internal sealed partial record RequestState
{
    /// <summary>How many output indexes may be ahead of the first missing one; chunks beyond are dropped (output is a preview).</summary>
    public const int OutputWindow = 256;

    /// <summary>The type of the problem of an attempt that died with its worker.</summary>
    public const string WorkerDied = "/problems/worker-died";

    public static RequestState Accept(Guid id, RequestAccepted accepted, DateTimeOffset at) => new RequestState { Id = id }.Apply(accepted, at);

    public static RequestState? Replay(IEnumerable<StoredEvent> stream)
    {
        RequestState? state = null;
        foreach (var stored in stream)
            state = (state ?? new RequestState { Id = stored.RequestId }).Apply(stored.Event, stored.At);
        return state;
    }

    /// <summary>The state after one more event. Total: an event without a line here is a bug that stops at once.</summary>
    public RequestState Apply(RequestEvent e, DateTimeOffset at) => Fold(e, at) with { Version = Version + 1, UpdatedAt = at };

    private RequestState Fold(RequestEvent e, DateTimeOffset at) => e switch
    {
        RequestAccepted x => this with
        {
            Kind = x.Kind,
            Owner = x.Owner,
            Deadline = x.Deadline,
            Files = x.Files,
            FileNames = x.FileNames,
            TraceParent = x.TraceParent,
            TraceState = x.TraceState,
            Retention = x.Retention,
            CreatedAt = at,
            Status = RequestStatus.Pending,
            Attempt = 1,
        },
        AttemptStarted x => Start(x.Hop, x.Run, x.Delivery),
        HopStarted x => Start(x.Hop, x.Run, x.Delivery),
        ProgressReported x => this with
        {
            Status = RequestStatus.Running,
            ProgressSequence = x.Sequence,
            Percent = x.Percent ?? Percent,
            Message = x.Message ?? Message,
            Stalled = false,
        },
        OutputAppended x => Append(x.Index) with { Status = RequestStatus.Running, Stalled = false },
        HopForwarded x => Forward(x),
        InputRequested x => EndRun(RequestStatus.InputRequired) with { Input = new(x.Key, x.Question, x.Schema), Alone = false },
        InputProvided x => Schedule(at) with { Input = null, Answers = With(Answers, x.Key, x.Answer) },
        AttemptFailed { NextAttemptAt: { } next } x => Count(x, Schedule(next)),
        AttemptFailed x => Count(x, EndRun(RequestStatus.Held)),
        AttemptStalled { NextAttemptAt: { } next } => Schedule(next) with { Failures = Failures + 1 },
        AttemptStalled => this with { Stalled = true },
        RetryRequested => Schedule(at) with { Failures = 0, Spared = 0 },
        CancellationRequested x => this with { CancelRequestedAt = at, CancelRequestedBy = x.By },
        RequestSucceeded x => EndRun(RequestStatus.Succeeded) with { Result = x.Result.GetRawText(), Percent = 100, Error = null },
        RequestFailed x => EndRun(RequestStatus.Failed) with { Error = x.Error },
        RequestCanceled => EndRun(RequestStatus.Canceled) with { Error = null },
        _ => throw new InvalidOperationException($"No fold for {e.GetType().Name}."),
    };

    private RequestState Start(int hop, Guid run, int delivery) => this with
    {
        Status = RequestStatus.Running,
        Hop = hop,
        Run = run,
        Delivery = delivery,
        NextAttemptAt = null,
        Stalled = false,
        Superseded = Run is { } old ? [.. Superseded ?? [], old] : Superseded,
        ProgressSequence = 0,
        Percent = null,
        Message = null,
        OutputNext = 0,
        OutputAhead = null,
    };

    private RequestState Schedule(DateTimeOffset at) => EndRun(RequestStatus.Pending) with
    {
        Attempt = Attempt + 1,
        NextAttemptAt = at,
        Hop = 0,
        Superseded = null,
        ProgressSequence = 0,
        Percent = null,
        OutputNext = 0,
        OutputAhead = null,
    };

    private static RequestState Count(AttemptFailed failed, RequestState next) => next with
    {
        Failures = next.Failures + (failed.Spared ? 0 : 1),
        Spared = next.Spared + (failed.Spared ? 1 : 0),
        Alone = failed.Error.Type == WorkerDied,
        Error = failed.Error,
    };

    /// <summary>The message of the last progress stays: it tells where the work was.</summary>
    private RequestState EndRun(RequestStatus status) => this with
    {
        Status = status,
        Run = null,
        Delivery = 0,
        Input = null,
        Stalled = false,
        NextAttemptAt = null,
        Superseded = Run is { } old ? [.. Superseded ?? [], old] : Superseded,
    };

    private RequestState Forward(HopForwarded x)
    {
        var earlier = Answers is null ? EarlierAnswers : Answers.Aggregate(EarlierAnswers, (known, given) => With(known, given.Key, given.Value));
        var next = this with
        {
            Status = RequestStatus.Running,
            ResumeKind = x.Kind,
            ResumeHop = x.Hop + 1,
            ResumeVersion = Version + 1,
            Answers = null,
            EarlierAnswers = earlier,
            Alone = false,
        };
        // The next hop's start may have been recorded already; then its run is the current one.
        return Hop > x.Hop ? next : next with { Hop = x.Hop, Run = null, Delivery = 0, Superseded = Run is { } old ? [.. Superseded ?? [], old] : Superseded };
    }

    private RequestState Append(int index)
    {
        var ahead = new SortedSet<int>(OutputAhead ?? []) { index };
        var next = OutputNext;
        while (ahead.Remove(next))
            next++;
        return this with { OutputNext = next, OutputAhead = ahead.Count == 0 ? null : [.. ahead] };
    }

    private static Dictionary<string, JsonElement> With(IReadOnlyDictionary<string, JsonElement>? answers, string key, JsonElement answer) =>
        new(answers ?? new Dictionary<string, JsonElement>()) { [key] = answer };
}
