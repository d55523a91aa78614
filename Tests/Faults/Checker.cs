using AspireFeedback.Web.Log;

namespace AspireFeedback.Tests.Faults;

/// <param name="Rule">Which promise was broken.</param>
internal sealed record Violation(string Rule, Guid? Request, string Detail)
{
    public override string ToString() => $"{Rule}: {Request} {Detail}";
}

/// <summary>Holds what clients saw and handlers did against the log. Knows nothing of how it came about.</summary>
internal static class Checker
{
    private static readonly string[] s_ends = ["request-succeeded", "request-failed", "request-canceled"];

    public static IReadOnlyList<Violation> Check(History history) =>
    [
        .. history.Log.Streams.SelectMany(stream => CheckStream(stream.Key, stream.Value, history.Log)),
        .. history.Clients.SelectMany(client => CheckClient(client, history.Log)),
        .. CheckLedger(history),
    ];

    private static IEnumerable<Violation> CheckStream(Guid id, IReadOnlyList<StoredEvent> stream, LogContents log)
    {
        if (!stream.Select(e => e.Version).SequenceEqual(Enumerable.Range(1, stream.Count)))
        {
            yield return new("versions are contiguous", id, string.Join(' ', stream.Select(e => e.Version)));
            yield break;
        }

        if (stream[0].Event is not RequestAccepted || stream.Count(e => e.Event is RequestAccepted) != 1)
        {
            yield return new("accepted once, at first", id, Types(stream));
            yield break;
        }

        var ends = stream.Count(e => s_ends.Contains(NameOf(e)));
        if (ends > 1 || (ends == 1 && !s_ends.Contains(NameOf(stream[^1]))))
            yield return new("one outcome, and nothing after it", id, Types(stream));
        var state = RequestState.Replay(stream)!;
        if (!state.Done && state is not { Status: RequestStatus.Held, Error: not null })
            yield return new("nothing is left without an end", id, $"{state.Status}: {Types(stream)}");
        if (!log.Snapshots.TryGetValue(id, out var snapshot) || snapshot.Version != state.Version || snapshot.Status != state.Status.ToString())
            yield return new("the snapshot is the fold of the stream", id, $"{snapshot} beside {state.Status} {state.Version}");
        foreach (var repeated in Repeated(stream))
            yield return new("nothing is applied twice", id, repeated);
        if (state.Done && log.Unsent.Contains(id))
            yield return new("nothing is left to send", id, Types(stream));
        if (state.Done && log.Leased.Contains(id))
            yield return new("no lease outlives its request", id, Types(stream));
    }

    private static IEnumerable<string> Repeated(IReadOnlyList<StoredEvent> stream)
    {
        var runs = new HashSet<Guid>();
        var failed = new HashSet<int>();
        var progress = new Dictionary<Guid, long>();
        foreach (var stored in stream)
        {
            switch (stored.Event)
            {
                case AttemptStarted started when !runs.Add(started.Run):
                    yield return $"run {started.Run} started twice";
                    break;
                case AttemptFailed { Attempt: var attempt } when !failed.Add(attempt):
                    yield return $"attempt {attempt} failed twice";
                    break;
                case ProgressReported reported when reported.Sequence <= progress.GetValueOrDefault(reported.Run, -1):
                    yield return $"run {reported.Run} reported {reported.Sequence} after {progress[reported.Run]}";
                    break;
                case ProgressReported reported:
                    progress[reported.Run] = reported.Sequence;
                    break;
            }
        }
    }

    private static IEnumerable<Violation> CheckClient(ClientHistory client, LogContents log)
    {
        foreach (var foreign in client.Foreign)
            yield return new("nobody sees what is another's", null, foreign);
        foreach (var unexpected in client.Unexpected)
            yield return new("answers are those of the contract", null, unexpected);
        foreach (var request in client.Requests.Values)
        {
            if (!log.Streams.TryGetValue(request.Id, out var stream))
            {
                if (request.Accepted is not null || request.Views.Count > 0)
                    yield return new("what was accepted is in the log", request.Id, request.Text);
                continue;
            }

            if (log.Snapshots.TryGetValue(request.Id, out var snapshot) && snapshot.Owner != client.Owner)
                yield return new("a request belongs to who submitted it", request.Id, $"{snapshot.Owner}, not {client.Owner}");
            foreach (var violation in CheckViews(request, stream).Concat(CheckReads(request, stream)))
                yield return violation;
        }
    }

    private static IEnumerable<Violation> CheckViews(RequestHistory request, IReadOnlyList<StoredEvent> stream)
    {
        var inLog = stream.Select(e => new Seen(e.Version, NameOf(e))).ToArray();
        foreach (var (channel, view) in request.Views)
        {
            if (!inLog.Take(view.Count).SequenceEqual(view))
                yield return new("a view is a gap-free prefix of the log", request.Id, $"{channel}: {string.Join(' ', view)}");
            else if (channel == Channels.Hub && view.Count < inLog.Length)
                yield return new("who waits sees everything", request.Id, $"{channel}: {view.Count} of {inLog.Length}");
        }

        if (request.Accepted is not null && !request.Views.ContainsKey(Channels.Hub))
            yield return new("who waits sees everything", request.Id, "nothing was ever pushed");
        if (stream[^1].Event is RequestSucceeded succeeded && succeeded.Result.GetProperty("text").GetString() != request.Text)
            yield return new("the result is that of the request", request.Id, succeeded.Result.GetRawText());
    }

    private static IEnumerable<Violation> CheckReads(RequestHistory request, IReadOnlyList<StoredEvent> stream)
    {
        var state = new RequestState { Id = request.Id };
        var statuses = new List<string>(stream.Count);
        foreach (var stored in stream)
        {
            state = state.Apply(stored.Event, stored.At);
            statuses.Add(state.Status.ToString());
        }

        foreach (var read in request.Reads)
        {
            var known = request.Known.Where(x => x.At < read.Asked).Select(x => x.Version).DefaultIfEmpty().Max();
            if (read.Version < known)
                yield return new("a read shows no less than was seen before", request.Id, $"{read.Call}: {read.Version} after {known}");
            if (read.Version < 1 || read.Version > stream.Count || statuses[read.Version - 1] != read.Status)
                yield return new("a read is the state at its version", request.Id, $"{read.Call}: {read.Status} at {read.Version}");
        }
    }

    private static IEnumerable<Violation> CheckLedger(History history)
    {
        var work = history.Ledger.ToLookup(line => line.Id);
        foreach (var line in history.Ledger.Where(line => !history.Log.Streams.ContainsKey(line.Id)))
            yield return new("only what was accepted is worked on", line.Id, "");
        foreach (var (id, stream) in history.Log.Streams)
        {
            if (stream[^1].Event is RequestSucceeded succeeded && !work[id].Any(line => line.Finished && line.Attempt == succeeded.Attempt))
                yield return new("a success was worked for", id, $"attempt {succeeded.Attempt}");
            var scheduled = RequestState.Replay(stream)!.Attempt;
            if (work[id].Any(line => line.Attempt > scheduled))
                yield return new("no attempt that the log did not schedule", id, $"{work[id].Max(line => line.Attempt)} of {scheduled}");
        }
    }

    private static string NameOf(StoredEvent e) => EventNames.NameOf(e.Event);

    private static string Types(IEnumerable<StoredEvent> stream) => string.Join(' ', stream.Select(NameOf));
}

internal static class Channels
{
    public const string Hub = "hub";
    public const string ServerSentEvents = "sse";
}
