using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Feedback;

/// <summary>
/// A change on its way to the connections of this instance, whether it was committed here, came through the backplane or was read from the
/// log. Serialised at most once, however many connections get it.
/// </summary>
internal sealed class Change
{
    private readonly Lazy<ReadOnlyMemory<byte>> _json;
    private readonly Lazy<IReadOnlyList<EventBytes>> _events;

    private Change(Func<ReadOnlyMemory<byte>> json, Func<ReadOnlyMemory<byte>, IReadOnlyList<EventBytes>> events)
    {
        _json = new(json);
        _events = new(() => events(_json.Value));
    }

    public required Guid Owner { get; init; }
    public required Guid Id { get; init; }

    /// <summary>The version before the first event.</summary>
    public required int From { get; init; }
    public required int Version { get; init; }
    public bool Done { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset At { get; init; }
    public string? TraceParent { get; init; }

    /// <summary>Without events it only tells a version: who stands below reads the log.</summary>
    public bool HasEvents => Version > From;

    /// <summary>UTF-8 JSON of a <see cref="Changed"/>.</summary>
    public ReadOnlyMemory<byte> Json => _json.Value;

    public IReadOnlyList<EventBytes> Events => _events.Value;

    public static Change Of(Announcement announcement, KindCatalog kinds) =>
        Of(announcement.State, announcement.State.Version - announcement.Events.Count, announcement.Events, kinds);

    /// <summary>The change from a version to the state. <paramref name="stored"/> may lack the oldest, then <paramref name="from"/> says so.</summary>
    public static Change Of(RequestState state, int from, IReadOnlyList<StoredEvent> stored, KindCatalog kinds) => new(
        () => JsonSerializer.SerializeToUtf8Bytes(
            new Changed(state.Id, from, [.. stored.Select(EventView.Of)], StatusDocument.Of(state, kinds), OwnerCursor.Of(state.UpdatedAt)), FeedbackJson.Options),
        EventBytes.In)
    {
        Owner = state.Owner,
        Id = state.Id,
        From = from,
        Version = state.Version,
        Done = state.Done,
        CreatedAt = state.CreatedAt,
        At = state.UpdatedAt,
        TraceParent = state.TraceParent,
    };

    /// <summary>That the request has come to this version, without what happened.</summary>
    public static Change Told(Guid owner, Guid id, int version) => new(() => default, _ => []) { Owner = owner, Id = id, From = version, Version = version };

    public static Change Told(RequestState state) => new(() => default, _ => [])
    {
        Owner = state.Owner,
        Id = state.Id,
        From = state.Version,
        Version = state.Version,
        Done = state.Done,
        CreatedAt = state.CreatedAt,
        At = state.UpdatedAt,
    };

    /// <summary>The same without what happened.</summary>
    public Change WithoutEvents() => new(() => default, _ => [])
    {
        Owner = Owner,
        Id = Id,
        From = Version,
        Version = Version,
        Done = Done,
        CreatedAt = CreatedAt,
        At = At,
        TraceParent = TraceParent,
    };

    /// <summary>A part of a stream, for who reads events only: it has no <see cref="Json"/>.</summary>
    public static Change Part(Guid owner, Guid id, IReadOnlyList<StoredEvent> stored) => new(() => default, _ => [.. stored.Select(EventBytes.Of)])
    {
        Owner = owner,
        Id = id,
        From = stored[0].Version - 1,
        Version = stored[^1].Version,
        At = stored[^1].At,
        Done = stored[^1].Event is RequestSucceeded or RequestFailed or RequestCanceled,
    };

    /// <summary>As it came from another instance.</summary>
    public static Change Received(Guid owner, ChangeHeader header, ReadOnlyMemory<byte> json) => new(() => json, EventBytes.In)
    {
        Owner = owner,
        Id = header.Id,
        From = header.From,
        Version = header.Version,
        Done = header.Done,
        CreatedAt = header.CreatedAt,
        At = header.At,
        TraceParent = header.TraceParent,
    };
}
