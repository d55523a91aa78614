using System.Collections.Concurrent;
using System.Diagnostics;
using AspireFeedback.Backend.Echo;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Tests.Faults;

/// <summary>All that is known after a run: what the clients saw, what the log holds, what the handlers did.</summary>
internal sealed record History(IReadOnlyList<ClientHistory> Clients, LogContents Log, IReadOnlyList<LedgerLine> Ledger);

/// <summary>The tables, as they are when everything has settled.</summary>
/// <param name="Unsent">Requests with a row in the outbox.</param>
/// <param name="Leased">Requests with a lease.</param>
internal sealed record LogContents(
    IReadOnlyDictionary<Guid, IReadOnlyList<StoredEvent>> Streams,
    IReadOnlyDictionary<Guid, Snapshot> Snapshots,
    IReadOnlyCollection<Guid> Unsent,
    IReadOnlyCollection<Guid> Leased);

internal sealed record Snapshot(Guid Owner, string Status, int Version);

/// <summary>An event as a client received it.</summary>
internal readonly record struct Seen(int Version, string Type);

/// <summary>An answer that shows where a request stands.</summary>
/// <param name="Asked">A <see cref="Stopwatch"/> time: what was seen before it must be in the answer.</param>
internal sealed record Read(string Call, long Asked, int Version, string Status);

/// <summary>What one client, with an identity of its own, has seen.</summary>
internal sealed class ClientHistory(Guid owner)
{
    public Guid Owner { get; } = owner;

    public ConcurrentDictionary<Guid, RequestHistory> Requests { get; } = [];

    /// <summary>When something was pushed over the hub: <see cref="Stopwatch"/> times, in order.</summary>
    public ConcurrentQueue<long> Pushes { get; } = [];

    /// <summary>Whatever was shown that is somebody else's.</summary>
    public ConcurrentQueue<string> Foreign { get; } = [];

    /// <summary>Answers that the contract does not know.</summary>
    public ConcurrentQueue<string> Unexpected { get; } = [];
}

/// <summary>What one client has seen of one request. Safe for use by several channels at once.</summary>
internal sealed class RequestHistory(Guid id, string text)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Seen>> _views = [];
    private readonly List<Read> _reads = [];
    private readonly List<(long At, int Version)> _known = [];

    public Guid Id { get; } = id;

    public string Text { get; } = text;

    /// <summary>The version of the first 202 or 200; null while none came.</summary>
    public int? Accepted { get; private set; }

    public IReadOnlyList<Read> Reads => _reads;

    /// <summary>By channel what came over it, in the order in which it came.</summary>
    public IReadOnlyDictionary<string, List<Seen>> Views => _views;

    /// <summary>When which version was known to this client, whatever told it.</summary>
    public IReadOnlyList<(long At, int Version)> Known => _known;

    /// <summary>The last version that came over a channel; 0 before the first.</summary>
    public int LastOf(string channel)
    {
        lock (_gate)
            return _views.TryGetValue(channel, out var seen) && seen.Count > 0 ? seen[^1].Version : 0;
    }

    public bool EndedOn(string channel)
    {
        lock (_gate)
            return _views.TryGetValue(channel, out var seen) && seen is [.., { Type: "request-succeeded" or "request-failed" or "request-canceled" }];
    }

    public void Saw(string channel, IEnumerable<Seen> events)
    {
        lock (_gate)
        {
            if (!_views.TryGetValue(channel, out var view))
                _views[channel] = view = [];
            foreach (var seen in events)
            {
                view.Add(seen);
                _known.Add((Stopwatch.GetTimestamp(), seen.Version));
            }
        }
    }

    public void Answered(Read read, bool accepts = false)
    {
        lock (_gate)
        {
            _reads.Add(read);
            _known.Add((Stopwatch.GetTimestamp(), read.Version));
            if (accepts)
                Accepted ??= read.Version;
        }
    }
}
