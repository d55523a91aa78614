using System.Text.Json.Serialization;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Feedback;

/// <summary>What a client has when it connects.</summary>
/// <param name="Since">The cursor of its last answer or push; absent the first time.</param>
/// <param name="Known">Version by id of the requests that it follows.</param>
internal sealed record SyncRequest(string? Since = null, IReadOnlyDictionary<Guid, int>? Known = null)
{
    public const int MostKnown = 1_000;
}

/// <param name="changes">Each a <see cref="Changed"/>: what happened to the known requests. What is too much for one answer is pushed after it.</param>
/// <param name="requests">The other requests of the owner accepted since, newest first, without results.</param>
/// <param name="written">Called when the answer has been written: pushes come after it.</param>
internal sealed class SyncAnswer(IReadOnlyList<RawJson> changes, IReadOnlyList<StatusDocument> requests, string cursor, Action written) : IJsonOnSerialized
{
    public IReadOnlyList<RawJson> Changes { get; } = changes;

    public IReadOnlyList<StatusDocument> Requests { get; } = requests;

    public string Cursor { get; } = cursor;

    public void OnSerialized() => written();
}
