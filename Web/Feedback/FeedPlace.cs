namespace AspireFeedback.Web.Feedback;

/// <summary>How far one connection is with one request.</summary>
internal sealed class FeedPlace(Guid id, int sent)
{
    public Guid Id { get; } = id;

    /// <summary>The last version that was sent.</summary>
    public int Sent { get; set; } = sent;

    /// <summary>The highest version that was told of.</summary>
    public int Known { get; set; } = sent;

    public bool Done { get; set; }

    /// <summary>Reads from the log without waiting for payloads: they were forgotten, or never came.</summary>
    public bool Behind { get; set; }

    /// <summary>A reading of the log is under way.</summary>
    public bool Filling { get; set; }

    /// <summary>Stands in the line of places with something to do.</summary>
    public bool Queued { get; set; }

    public TimeSpan? GapSince { get; set; }

    /// <summary>Changes that wait for their turn; few.</summary>
    public List<Change>? Held { get; set; }

    /// <summary>Drops what has been sent already; says how many.</summary>
    public int DropSent() => Held?.RemoveAll(change => change.Version <= Sent) ?? 0;

    public int DropAll()
    {
        var count = Held?.Count ?? 0;
        Held = null;
        return count;
    }

    /// <summary>Whether a change continues exactly at what was sent.</summary>
    public bool HasNext => Held?.Exists(change => change.From == Sent) == true;

    public Change TakeNext()
    {
        var index = Held!.FindIndex(change => change.From == Sent);
        var next = Held[index];
        Held.RemoveAt(index);
        Sent = next.Version;
        GapSince = null;
        return next;
    }
}
