using System.Diagnostics;
using System.Text.Json;
using AspireFeedback.Backend.Echo;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Faults;

/// <summary>A checker that finds nothing may be blind: each defect that it is there for is planted into a sound history.</summary>
public sealed class CheckerTests
{
    private static readonly DateTimeOffset s_at = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Guid s_run = Guid.CreateVersion7();
    private readonly Guid _id = Guid.CreateVersion7();
    private readonly Guid _owner = Guid.CreateVersion7();
    private readonly ClientHistory _client;
    private readonly RequestHistory _seen;
    private readonly List<StoredEvent> _stream = [];
    private readonly List<LedgerLine> _ledger = [];
    private readonly List<Guid> _unsent = [];
    private readonly List<Guid> _leased = [];
    private Snapshot? _snapshot;

    public CheckerTests()
    {
        _client = new(_owner);
        _client.Requests[_id] = _seen = new(_id, "hello");
        Append(new RequestAccepted("echo", _owner, Json("""{"text":"hello"}"""), null, "f", s_at.AddDays(7), null, null));
        Append(new AttemptStarted(1, 1, "echo", s_run, "w", false, 0));
        Append(new ProgressReported(1, s_run, 1, 50, null));
        Append(new RequestSucceeded(1, s_run, Json("""{"text":"hello"}""")));
        _snapshot = new(_owner, "Succeeded", 4);
        _ledger.Add(new(_id, 1, 1, false, s_at));
        _ledger.Add(new(_id, 1, 1, true, s_at));
        _seen.Answered(new("put", Stopwatch.GetTimestamp(), 1, "Pending"), accepts: true);
        _seen.Saw(Channels.Hub, [new(1, "request-accepted"), new(2, "attempt-started")]);
        _seen.Saw(Channels.Hub, [new(3, "progress-reported"), new(4, "request-succeeded")]);
        _seen.Saw(Channels.ServerSentEvents, [new(1, "request-accepted"), new(2, "attempt-started")]);
        _seen.Answered(new("get", Stopwatch.GetTimestamp(), 4, "Succeeded"));
    }

    [Fact]
    public void A_sound_history_has_no_violation() => Found().ShouldBeEmpty();

    [Fact]
    public void A_lost_request() => Finds("what was accepted is in the log", () => _stream.Clear());

    [Fact]
    public void A_gap_in_the_versions() => Finds("versions are contiguous", () => _stream.RemoveAt(2));

    [Fact]
    public void A_version_given_twice() => Finds("versions are contiguous", () => _stream.Insert(2, _stream[1]));

    [Fact]
    public void A_second_acceptance() => Finds("accepted once, at first", () => Append(_stream[0].Event));

    [Fact]
    public void A_second_outcome() => Finds("one outcome, and nothing after it", () => Append(new RequestCanceled(1, null, "owner")));

    [Fact]
    public void Something_after_the_outcome() => Finds("one outcome, and nothing after it", () => Append(new ProgressReported(1, s_run, 2, 60, null)));

    [Fact]
    public void A_request_without_an_end() => Finds("nothing is left without an end", () => _stream.RemoveAt(3));

    [Fact]
    public void A_held_request_has_its_reason_and_is_no_violation()
    {
        _stream[3] = new(_id, 4, s_at, new AttemptFailed(1, s_run, Problem.Of("x", "y"), null));
        _snapshot = new(_owner, "Held", 4);
        _seen.Views[Channels.Hub][3] = new(4, "attempt-failed");
        Found().Select(x => x.Rule).Distinct().ShouldBe(["a read is the state at its version"]);
    }

    [Fact]
    public void A_snapshot_behind_its_stream() => Finds("the snapshot is the fold of the stream", () => _snapshot = new(_owner, "Running", 3));

    [Fact]
    public void A_missing_snapshot() => Finds("the snapshot is the fold of the stream", () => _snapshot = null);

    [Fact]
    public void A_start_applied_twice() => Finds("nothing is applied twice", () => Insert(2, new AttemptStarted(1, 1, "echo", s_run, "w", false, 0)));

    [Fact]
    public void Progress_applied_twice() => Finds("nothing is applied twice", () => Insert(3, new ProgressReported(1, s_run, 1, 50, null)));

    [Fact]
    public void A_failure_applied_twice() => Finds("nothing is applied twice", () =>
    {
        Insert(3, new AttemptFailed(1, s_run, Problem.Of("x", "y"), s_at));
        Insert(4, new AttemptFailed(1, s_run, Problem.Of("x", "y"), s_at));
    });

    [Fact]
    public void A_message_that_was_never_sent() => Finds("nothing is left to send", () => _unsent.Add(_id));

    [Fact]
    public void A_lease_that_was_left_behind() => Finds("no lease outlives its request", () => _leased.Add(_id));

    [Fact]
    public void A_gap_in_a_view() => Finds("a view is a gap-free prefix of the log", () => _seen.Views[Channels.Hub].RemoveAt(1));

    [Fact]
    public void A_repeat_in_a_view() => Finds("a view is a gap-free prefix of the log", () => _seen.Saw(Channels.ServerSentEvents, [new(2, "attempt-started")]));

    [Fact]
    public void A_view_out_of_order() => Finds("a view is a gap-free prefix of the log", () => _seen.Views[Channels.Hub].Reverse());

    [Fact]
    public void A_view_of_what_never_was() => Finds("a view is a gap-free prefix of the log", () => _seen.Saw(Channels.Hub, [new(5, "request-failed")]));

    [Fact]
    public void An_end_that_nobody_was_told() => Finds("who waits sees everything", () => _seen.Views[Channels.Hub].RemoveAt(3));

    [Fact]
    public void An_accepted_request_of_which_nothing_came() => Finds("who waits sees everything", () =>
    {
        var silent = new RequestHistory(_id, "hello");
        silent.Answered(new("put", Stopwatch.GetTimestamp(), 1, "Pending"), accepts: true);
        _client.Requests[_id] = silent;
    });

    [Fact]
    public void A_read_that_goes_back() =>
        Finds("a read shows no less than was seen before", () => _seen.Answered(new("get", Stopwatch.GetTimestamp(), 2, "Running")));

    [Fact]
    public void A_read_that_tells_another_state() =>
        Finds("a read is the state at its version", () => _seen.Answered(new("get", Stopwatch.GetTimestamp(), 4, "Canceled")));

    [Fact]
    public void A_read_of_a_version_that_never_was() =>
        Finds("a read is the state at its version", () => _seen.Answered(new("get", Stopwatch.GetTimestamp(), 5, "Succeeded")));

    [Fact]
    public void Another_owners_request_was_shown() => Finds("nobody sees what is another's", () => _client.Foreign.Enqueue("a push"));

    [Fact]
    public void A_request_that_changed_its_owner() =>
        Finds("a request belongs to who submitted it", () => _snapshot = _snapshot! with { Owner = Guid.NewGuid() });

    [Fact]
    public void An_answer_outside_the_contract() => Finds("answers are those of the contract", () => _client.Unexpected.Enqueue("PUT: 418"));

    [Fact]
    public void The_result_of_another_request() => Finds("the result is that of the request", () =>
        _stream[3] = _stream[3] with { Event = new RequestSucceeded(1, s_run, Json("""{"text":"other"}""")) });

    [Fact]
    public void Work_that_nobody_asked_for() => Finds("only what was accepted is worked on", () => _ledger.Add(new(Guid.NewGuid(), 1, 1, true, s_at)));

    [Fact]
    public void A_success_without_work() => Finds("a success was worked for", () => _ledger.RemoveAt(1));

    [Fact]
    public void An_attempt_out_of_nowhere() => Finds("no attempt that the log did not schedule", () => _ledger.Add(new(_id, 2, 1, false, s_at)));

    private void Finds(string rule, Action defect)
    {
        Found().ShouldBeEmpty();
        defect();
        Found().Select(violation => violation.Rule).ShouldContain(rule);
    }

    private IReadOnlyList<Violation> Found()
    {
        var streams = new Dictionary<Guid, IReadOnlyList<StoredEvent>>();
        if (_stream.Count > 0)
            streams[_id] = _stream;
        var snapshots = new Dictionary<Guid, Snapshot>();
        if (_snapshot is not null)
            snapshots[_id] = _snapshot;
        return Checker.Check(new([_client], new(streams, snapshots, _unsent, _leased), _ledger));
    }

    private void Append(RequestEvent e) => _stream.Add(new(_id, _stream.Count + 1, s_at, e));

    /// <summary>At this index, with the versions after it moved on.</summary>
    private void Insert(int index, RequestEvent e)
    {
        var events = _stream.Select(x => x.Event).ToList();
        events.Insert(index, e);
        _stream.Clear();
        foreach (var each in events)
            Append(each);
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
