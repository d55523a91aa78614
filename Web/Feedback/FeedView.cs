namespace AspireFeedback.Web.Feedback;

/// <summary>
/// What one connection has been sent and what it still has to be: the ordering of the live feed, without I/O and without a clock. Whatever
/// order, repetition or loss changes are offered with, each request comes out as a gap-free sequence; what is missing is asked of the log.
/// </summary>
/// <param name="patience">How long a gap waits for the missing change.</param>
/// <param name="capacity">Changes held at most; beyond, all are forgotten and read from the log.</param>
internal sealed class FeedView(TimeSpan patience, int capacity)
{
    public const int MaxRequests = 10_000;
    private const int MaxGapsAtOnce = 8;
    private static readonly TimeSpan KeepDone = TimeSpan.FromMinutes(2);

    private readonly Dictionary<Guid, FeedPlace> _places = [];
    private readonly Queue<FeedPlace> _line = new();
    private readonly Queue<(Guid Id, TimeSpan At)> _done = new();
    private int _held;

    /// <summary>
    /// Where the connection stands in its owner's stream: requests accepted after it are sent from their first event. <c>null</c>: requests
    /// that are not tracked are none of its business.
    /// </summary>
    public DateTimeOffset? Since { get; set; }

    public int Tracked => _places.Count;

    /// <summary>The requests that may still move, with what was sent of them.</summary>
    public IEnumerable<(Guid Id, int Sent)> Open => _places.Values.Where(place => !place.Done || place.Sent < place.Known).Select(place => (place.Id, place.Sent));

    /// <summary>The receiver has this version. With a higher <paramref name="known"/> the rest is read from the log at once.</summary>
    public void Track(Guid id, int sent, int known)
    {
        if (!_places.TryGetValue(id, out var place))
            _places.Add(id, place = new(id, sent));
        place.Sent = sent;
        place.Known = Math.Max(place.Known, known);
        place.Behind |= known > sent;
        Enqueue(place);
    }

    /// <param name="now">Monotonic, as everywhere here.</param>
    public void Offer(Change change, TimeSpan now)
    {
        if (!_places.TryGetValue(change.Id, out var place))
        {
            if (BaselineOf(change) is not { } sent)
                return;
            _places.Add(change.Id, place = new(change.Id, sent));
        }
        if (change.Version <= place.Sent)
        {
            Finish(place, change.Done, now);
            return;
        }
        place.Known = Math.Max(place.Known, change.Version);
        if (change.HasEvents && !place.Behind)
            Hold(place, change);
        Enqueue(place);
    }

    public FeedStep Next(TimeSpan now)
    {
        ForgetDone(now);
        if (_places.Count > MaxRequests)
            return new FeedStep.Overrun();
        List<(Guid, int)>? gaps = null;
        TimeSpan? wait = null;
        for (var left = _line.Count; left > 0 && (gaps?.Count ?? 0) < MaxGapsAtOnce; left--)
        {
            var place = _line.Dequeue();
            place.Queued = false;
            if (place.Filling)
                continue;
            _held -= place.DropSent();
            if (place.HasNext)
            {
                if (gaps is null)
                    return Send(place, now);
                Enqueue(place);
                break;
            }
            if (place.Known <= place.Sent)
                continue;
            var since = place.GapSince ??= now;
            if (place.Behind || now - since >= patience)
                (gaps ??= []).Add((place.Id, StartFilling(place)));
            else
            {
                Enqueue(place);
                wait = wait < since + patience ? wait : since + patience;
            }
        }
        return gaps is not null ? new FeedStep.Fill(gaps) : wait is { } until ? new FeedStep.Wait(until) : FeedStep.Nothing;
    }

    /// <summary>What the log gave for a gap has been taken for sending.</summary>
    /// <param name="more">The log has more than it gave.</param>
    public void Filled(Guid id, int version, bool isDone, bool more, TimeSpan now)
    {
        if (!_places.TryGetValue(id, out var place))
            return;
        place.Filling = false;
        place.Sent = Math.Max(place.Sent, version);
        place.Known = Math.Max(place.Known, more ? place.Sent + 1 : place.Sent);
        place.Behind = more;
        Finish(place, isDone, now);
        Enqueue(place);
    }

    /// <summary>The log could not be read; the same gaps come again.</summary>
    public void NotFilled(IEnumerable<(Guid Id, int After)> gaps)
    {
        foreach (var (id, after) in gaps)
        {
            if (!_places.TryGetValue(id, out var place))
                continue;
            place.Filling = false;
            place.Known = Math.Max(place.Known, after + 1);
            place.Behind = true;
            Enqueue(place);
        }
    }

    /// <summary>The log does not know the request, or it is another owner's.</summary>
    public void Forget(Guid id)
    {
        if (_places.Remove(id, out var place))
            _held -= place.DropAll();
    }

    private int? BaselineOf(Change change) => Since switch
    {
        null => null,
        { } since when change.CreatedAt > since => 0,
        _ when change.HasEvents => change.From,
        { } since when change.At > since => change.Version - 1,
        _ => null,
    };

    private void Hold(FeedPlace place, Change change)
    {
        if (place.Held?.Exists(other => other.From == change.From && other.Version == change.Version) == true)
            return;
        if (_held < capacity)
        {
            (place.Held ??= new(1)).Add(change);
            _held++;
            return;
        }
        foreach (var other in _places.Values.Where(other => other.Held is { Count: > 0 }))
        {
            other.DropAll();
            other.Behind = true;
        }
        _held = 0;
        place.Behind = true;
    }

    private int StartFilling(FeedPlace place)
    {
        // A commit comes before its announcement: a reading that starts now has everything told of so far.
        _held -= place.DropAll();
        place.Known = place.Sent;
        place.Filling = true;
        place.Behind = false;
        place.GapSince = null;
        return place.Sent;
    }

    private FeedStep.Send Send(FeedPlace place, TimeSpan now)
    {
        var change = place.TakeNext();
        _held--;
        Finish(place, change.Done, now);
        Enqueue(place);
        return new(change);
    }

    private void Finish(FeedPlace place, bool isDone, TimeSpan now)
    {
        if (!isDone || place.Done)
            return;
        place.Done = true;
        _done.Enqueue((place.Id, now));
    }

    /// <summary>Ended requests are remembered for a while, so that a late repetition is recognised.</summary>
    private void ForgetDone(TimeSpan now)
    {
        while (_done.TryPeek(out var oldest) && (now - oldest.At > KeepDone || _places.Count > MaxRequests))
        {
            _done.Dequeue();
            if (_places.TryGetValue(oldest.Id, out var place) && place.Sent == place.Known && !place.Filling)
                _places.Remove(oldest.Id);
        }
    }

    private void Enqueue(FeedPlace place)
    {
        if (place.Queued || place.Filling || place.Known <= place.Sent)
            return;
        place.Queued = true;
        _line.Enqueue(place);
    }
}
