using System.Collections.Concurrent;
using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Tests.Feedback;

/// <summary>Changes as an instance with the samples' kinds makes them.</summary>
internal static class Changes
{
    private static readonly KindCatalog Samples = new(Kinds.All);

    public static Change Of(Announcement announcement) => Change.Of(announcement, Samples);

    public static Change Of(RequestState state, int from, IReadOnlyList<StoredEvent> stored) => Change.Of(state, from, stored, Samples);
}

/// <summary>The reading half of the request log in memory, shared by the instances of a test. Writing gives the announcement of the commit.</summary>
internal sealed class MemoryLog : IRequestLog
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, (RequestState State, List<StoredEvent> Events)> _streams = [];

    public volatile bool Unavailable;

    /// <summary>Whose list cannot be read, while that of the others takes a while.</summary>
    public Guid? UnavailableFor { get; set; }

    /// <summary>How often each method was called.</summary>
    public ConcurrentDictionary<string, int> Calls { get; } = [];

    public Announcement Accept(Guid owner, Guid? id = null) => AcceptAt(owner, DateTimeOffset.UtcNow, id);

    public Announcement AcceptAt(Guid owner, DateTimeOffset at, Guid? id = null)
    {
        var payload = JsonSerializer.SerializeToElement(new { text = "hi" });
        var accepted = new RequestAccepted("echo", owner, payload, null, "f", DateTimeOffset.UtcNow.AddDays(7), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null);
        return Append(id ?? Guid.CreateVersion7(), at, accepted);
    }

    public Announcement Progress(Guid id, double percent, string? message = null)
    {
        var sequence = Read(id).Version;
        return Append(id, new ProgressReported(1, Guid.Empty, sequence, percent, message));
    }

    public Announcement Succeed(Guid id) => Append(id, new RequestSucceeded(1, Guid.Empty, JsonSerializer.SerializeToElement(new { text = "done" })));

    public Announcement Append(Guid id, params RequestEvent[] events) => Append(id, DateTimeOffset.UtcNow, events);

    private Announcement Append(Guid id, DateTimeOffset at, params RequestEvent[] events)
    {
        lock (_gate)
        {
            if (!_streams.TryGetValue(id, out var stream))
                stream = (new RequestState { Id = id }, []);
            var stored = new List<StoredEvent>();
            foreach (var e in events)
            {
                stream.State = stream.State.Apply(e, at);
                stored.Add(new(id, stream.State.Version, at, e));
            }
            stream.Events.AddRange(stored);
            _streams[id] = stream;
            return new(stream.State, stored);
        }
    }

    public RequestState Read(Guid id)
    {
        lock (_gate)
            return _streams[id].State;
    }

    public IReadOnlyList<StoredEvent> EventsAbove(Guid id, int version)
    {
        lock (_gate)
            return [.. _streams[id].Events.Where(e => e.Version > version)];
    }

    public Task<Snapshots> LoadAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => Ask(nameof(LoadAsync), () =>
        new Snapshots(ids.Where(_streams.ContainsKey).ToDictionary(id => id, id => _streams[id].State), DateTimeOffset.UtcNow));

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(Guid id, int after, int limit, CancellationToken cancellationToken) =>
        ReadStreamsAsync(new Dictionary<Guid, int> { [id] = after }, limit, cancellationToken);

    public Task<IReadOnlyList<StoredEvent>> ReadStreamsAsync(IReadOnlyDictionary<Guid, int> after, int limit, CancellationToken cancellationToken) =>
        Ask<IReadOnlyList<StoredEvent>>(nameof(ReadStreamsAsync), () =>
            [.. after.Where(pair => _streams.ContainsKey(pair.Key)).SelectMany(pair => _streams[pair.Key].Events.Where(e => e.Version > pair.Value).Take(limit))]);

    public async Task<IReadOnlyList<RequestState>> ListAsync(Guid owner, ListFilter filter, CancellationToken cancellationToken)
    {
        if (UnavailableFor == owner)
            throw new LogUnavailableException("57014", new TimeoutException());
        if (UnavailableFor is not null)
            await Task.Delay(50, cancellationToken);
        return await Ask<IReadOnlyList<RequestState>>(nameof(ListAsync), () => [.. _streams.Values.Select(stream => stream.State)
            .Where(state => state.Owner == owner)
            .Where(state => filter.AcceptedAfter is not { } accepted || state.CreatedAt > accepted)
            .Where(state => filter.ChangedAfter is not { } changed || state.UpdatedAt > changed)
            .Where(state => filter.Before is not { } before || (state.CreatedAt, state.Id).CompareTo(before) < 0)
            .OrderByDescending(state => (state.CreatedAt, state.Id)).Take(filter.Limit).Select(state => state with { Result = null })]);
    }

    public Task<IReadOnlyDictionary<Guid, int>> ReadVersionsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        Ask<IReadOnlyDictionary<Guid, int>>(nameof(ReadVersionsAsync), () =>
            ids.Where(_streams.ContainsKey).ToDictionary(id => id, id => _streams[id].State.Version));

    public Task<IReadOnlyList<SubmitResult>> SubmitAsync(IReadOnlyList<Submission> batch, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<Commit> batch, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Outgoing>> ClaimDueAsync(int limit, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task CompleteAsync(IReadOnlyCollection<long> outgoing, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PostponeAsync(IReadOnlyCollection<long> outgoing, TimeSpan delay, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SubmitResult?> FindSubmittedAsync(Submission submission, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<DueTimer>> ClaimTimersAsync(int limit, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Guid>> FindExpiredAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<SilentRun>> FindSilentAsync(
        IReadOnlyDictionary<string, TimeSpan> leases, TimeSpan otherwise, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RenewLeasesAsync(IReadOnlySet<(Guid RequestId, Guid Run)> runs, CancellationToken cancellationToken) => throw new NotSupportedException();

    private async Task<T> Ask<T>(string method, Func<T> answer)
    {
        await Task.Yield();
        Calls.AddOrUpdate(method, 1, (_, count) => count + 1);
        if (Unavailable)
            throw new LogUnavailableException("down", new InvalidOperationException());
        lock (_gate)
            return answer();
    }
}
