using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Admin;

/// <summary>What has become of an attempt, or of one run of it.</summary>
internal enum WorkOutcome
{
    /// <summary>Scheduled; no worker has started it.</summary>
    Waiting,
    Running,

    /// <summary>The worker has been silent for too long. Without an end it may come back.</summary>
    Stalled,

    /// <summary>Handed on to the next hop.</summary>
    Forwarded,

    /// <summary>It asked a person; the answer begins the next attempt.</summary>
    Asked,

    /// <summary>Another run, or the outcome of another one, took its place.</summary>
    Superseded,
    Succeeded,
    Failed,
    Canceled,
}

/// <param name="DueAt">Since when a worker could have taken it.</param>
internal sealed record AttemptSpan(int Number, DateTimeOffset DueAt)
{
    public WorkOutcome Outcome { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public Problem? Error { get; init; }
    public IReadOnlyList<RunSpan> Runs { get; init; } = [];

    /// <summary>From due to the first start.</summary>
    public long? WaitedMs => Runs is [var first, ..] ? Span.Milliseconds(DueAt, first.StartedAt) : null;

    /// <summary>From the first start to the end.</summary>
    public long? TookMs => Runs is [var first, ..] && EndedAt is { } end ? Span.Milliseconds(first.StartedAt, end) : null;
}

/// <summary>One execution of a hop by one worker.</summary>
/// <param name="DueAt">Since when it could have started: the attempt was due, or the hop before handed on.</param>
internal sealed record RunSpan(int Hop, string Endpoint, Guid Run, string? Worker, bool Redelivered, DateTimeOffset DueAt, DateTimeOffset StartedAt)
{
    public WorkOutcome Outcome { get; init; } = WorkOutcome.Running;
    public DateTimeOffset? EndedAt { get; init; }
    public long WaitedMs => Span.Milliseconds(DueAt, StartedAt);
    public long? TookMs => EndedAt is { } end ? Span.Milliseconds(StartedAt, end) : null;
}

internal static class Span
{
    /// <summary>Never below zero: a start may be recorded a moment before what it followed.</summary>
    public static long Milliseconds(DateTimeOffset from, DateTimeOffset to) => Math.Max(0, (long)(to - from).TotalMilliseconds);
}

/// <summary>A stream told as attempts, each with the runs of its hops. Pure: fed event by event, in order.</summary>
internal sealed class Attempts
{
    private readonly List<AttemptSpan> _spans = [];

    public IReadOnlyList<AttemptSpan> Spans => _spans;

    public static IReadOnlyList<AttemptSpan> Of(IEnumerable<StoredEvent> stream)
    {
        var attempts = new Attempts();
        foreach (var stored in stream)
            attempts.Take(stored.Event, stored.At);
        return attempts.Spans;
    }

    public void Take(RequestEvent e, DateTimeOffset at)
    {
        switch (e)
        {
            case RequestAccepted or RetryRequested or InputProvided:
                Schedule(at);
                break;
            case AttemptStarted x:
                Start(x.Attempt, at, due => new(x.Hop, x.Endpoint, x.Run, x.Worker, x.Redelivered, due, at));
                break;
            case HopStarted x:
                Start(x.Attempt, at, due => new(x.Hop, x.Endpoint, x.Run, x.Worker, x.Redelivered, due, at));
                break;
            case ProgressReported x:
                Mark(x.Attempt, x.Run, WorkOutcome.Running);
                break;
            case OutputAppended x:
                Mark(x.Attempt, x.Run, WorkOutcome.Running);
                break;
            case HopForwarded x:
                Change(x.Attempt, attempt => attempt with { Runs = Close(attempt.Runs, WorkOutcome.Forwarded, at, run => run.Hop == x.Hop) });
                break;
            case InputRequested x:
                End(x.Attempt, WorkOutcome.Asked, at);
                break;
            case AttemptFailed x:
                End(x.Attempt, WorkOutcome.Failed, at, x.Error);
                if (x.NextAttemptAt is { } afterFailure)
                    Schedule(afterFailure);
                break;
            case AttemptStalled { NextAttemptAt: { } takeover } x:
                End(x.Attempt, WorkOutcome.Stalled, at);
                Schedule(takeover);
                break;
            case AttemptStalled x:
                Mark(x.Attempt, x.Run, WorkOutcome.Stalled);
                break;
            case RequestSucceeded x:
                Succeed(x.Attempt, x.Run, at);
                break;
            case RequestFailed x:
                EndLast(WorkOutcome.Failed, at, x.Error);
                break;
            case RequestCanceled:
                EndLast(WorkOutcome.Canceled, at);
                break;
        }
    }

    private void Schedule(DateTimeOffset dueAt) => _spans.Add(new(_spans.Count + 1, dueAt));

    private void Start(int number, DateTimeOffset at, Func<DateTimeOffset, RunSpan> runDueAt) => Change(number, attempt =>
    {
        var due = attempt.Runs.Count == 0 ? attempt.DueAt : attempt.Runs[^1] is { Outcome: WorkOutcome.Forwarded, EndedAt: { } handedOn } ? handedOn : at;
        var run = runDueAt(due);
        // A run of an earlier hop stays open: the event that it handed on may be recorded after the next hop's start.
        return attempt with { Outcome = WorkOutcome.Running, Runs = [.. Close(attempt.Runs, WorkOutcome.Superseded, at, open => open.Hop >= run.Hop), run] };
    });

    private void Mark(int number, Guid run, WorkOutcome outcome) => Change(number, attempt => attempt.EndedAt is not null ? attempt : attempt with
    {
        Outcome = outcome,
        Runs = [.. attempt.Runs.Select(open => open.Run == run && open.EndedAt is null ? open with { Outcome = outcome } : open)],
    });

    private void End(int number, WorkOutcome outcome, DateTimeOffset at, Problem? error = null) => Change(number, attempt => attempt with
    {
        Outcome = outcome,
        EndedAt = at,
        Error = error,
        Runs = Close(attempt.Runs, outcome, at, _ => true),
    });

    /// <summary>The first success counts, also that of a run or an attempt which had been given up.</summary>
    private void Succeed(int number, Guid successful, DateTimeOffset at)
    {
        for (var n = 0; n < _spans.Count; n++)
        {
            var attempt = _spans[n];
            if (attempt.Number == number)
            {
                var told = attempt.Runs.Select(run => run.Run == successful ? run with { Outcome = WorkOutcome.Succeeded, EndedAt = at } : run).ToArray();
                _spans[n] = attempt with { Outcome = WorkOutcome.Succeeded, EndedAt = at, Error = null, Runs = Close(told, WorkOutcome.Superseded, at, _ => true) };
            }
            else if (attempt.EndedAt is null)
                End(attempt.Number, WorkOutcome.Superseded, at);
        }
    }

    private void EndLast(WorkOutcome outcome, DateTimeOffset at, Problem? error = null)
    {
        if (_spans is [.., { EndedAt: null } last])
            End(last.Number, outcome, at, error);
    }

    private void Change(int number, Func<AttemptSpan, AttemptSpan> change)
    {
        if (number >= 1 && number <= _spans.Count)
            _spans[number - 1] = change(_spans[number - 1]);
    }

    private static RunSpan[] Close(IReadOnlyList<RunSpan> runs, WorkOutcome outcome, DateTimeOffset at, Func<RunSpan, bool> which) =>
        [.. runs.Select(run => run.EndedAt is null && which(run) ? run with { Outcome = outcome, EndedAt = at } : run)];
}
