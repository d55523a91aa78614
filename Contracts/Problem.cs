using System.Text.Json.Serialization;

namespace AspireFeedback.Contracts;

/// <summary>Problem details of RFC 9457, as they are stored in the log and shown to the owner. No stack traces.</summary>
/// <param name="Type">A URI reference under <c>/problems/</c>.</param>
/// <param name="Title">A short sentence that is the same for every occurrence.</param>
/// <param name="Detail">What happened this time.</param>
public sealed record Problem(string Type, string Title, string? Detail = null)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    /// <param name="name">One that the system explains itself. A kind's own are its <see cref="Kind.Problems"/>.</param>
    public static Problem Of(string name, string title, string? detail = null) => new($"/problems/{name}", title, detail);
}
