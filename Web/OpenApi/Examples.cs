using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Files;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Requests;

namespace AspireFeedback.Web.OpenApi;

/// <summary>One echo and one file on their way, as the documentation shows them.</summary>
internal static class Examples
{
    public static readonly Guid Id = Guid.Parse("01981b5e-7f3a-7c41-b8f0-2f6f0a3f9d11");
    public const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static readonly Guid Run = Guid.Parse("5f0c2a3e-9f39-4b7e-9d55-3f3b0a8f6a10");
    private static readonly Guid OwnerId = Guid.Parse("01981b5a-11d2-7e60-9c1b-7d0a4f6b2c55");
    private static readonly Guid FileId = Guid.Parse("01981b5d-02aa-7b13-8f51-cc3f1de1a4b7");
    private static readonly DateTimeOffset At = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);

    public static SubmitBody Submit { get; } = new("echo", Json("""{"text":"hello","delayMs":500,"steps":2}"""));

    public static StatusDocument Accepted { get; } = new()
    {
        Id = Id,
        Kind = "echo",
        Status = RequestStatus.Pending,
        Done = false,
        Version = 1,
        CreatedAt = At,
        LastUpdatedAt = At,
        Attempt = new(1, 3, At),
        Deadline = At.AddDays(7),
        TraceId = Trace,
    };

    public static StatusDocument Pending { get; } = Accepted with { Queue = new(3, 4) };

    public static StatusDocument Succeeded { get; } = Accepted with
    {
        Status = RequestStatus.Succeeded,
        Done = true,
        Version = 4,
        LastUpdatedAt = At.AddSeconds(2),
        Attempt = new(1, 3, null),
        PercentComplete = 100,
        ExpiresAt = At.AddDays(7).AddSeconds(2),
        Result = Json("""{"text":"hello"}"""),
    };

    public static StatusDocument CancelRequested { get; } = Accepted with
    {
        Status = RequestStatus.Running,
        Version = 3,
        LastUpdatedAt = At.AddSeconds(1),
        CancelRequestedAt = At.AddSeconds(1),
        Attempt = new(1, 3, null),
    };

    public static StatusDocument Canceled { get; } = CancelRequested with
    {
        Status = RequestStatus.Canceled,
        Done = true,
        Version = 4,
        ExpiresAt = At.AddDays(7).AddSeconds(1),
    };

    public static StatusDocument Retried { get; } = Accepted with
    {
        Version = 8,
        LastUpdatedAt = At.AddMinutes(3),
        Error = Problem.Of("attempt-failed", "An attempt failed.", "The printer was out of paper."),
    };

    public static RequestPage Page { get; } = new([Succeeded with { Result = null, ResultUrl = $"/requests/{Id}/result" }, Pending]);

    public static EventsPage Events { get; } = new(
        [
            new(3, "progress-reported", At.AddSeconds(1), Json($$"""{"attempt":1,"run":"{{Run}}","sequence":1,"percent":50,"message":"Step 1 of 2"}""")),
            new(4, "request-succeeded", At.AddSeconds(2), Json($$$"""{"attempt":1,"run":"{{{Run}}}","result":{"text":"hello"}}""")),
        ], 4, false);

    public static string EventStream { get; } = $"id: 4\nevent: request-succeeded\ndata: {JsonSerializer.Serialize(Events.Events[1], FeedbackJson.Options)}\n\n";

    public static string ChangedStream { get; } =
        $"id: {OwnerCursor.Of(At)}\nevent: changed\ndata: {JsonSerializer.Serialize(new Changed(Id, 3, [Events.Events[1]], Succeeded, OwnerCursor.Of(At)), FeedbackJson.Options)}\n\n";

    public static FileDocument File { get; } =
        new(FileId, "cities.csv", "text/csv", 52, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", At);

    public static Me Guest { get; } = new(OwnerId, "guest");

    public static Me Person { get; } = new(OwnerId, "user", "ada");

    public static Credentials Credentials { get; } = new("ada", "correct horse battery");

    public static object Refusal(string name) =>
        new { type = $"/problems/{name}", title = ProblemCatalog.Find(name)!.Title, status = ProblemCatalog.Find(name)!.Status, traceId = Trace };

    public static JsonElement Json(string text) => JsonElement.Parse(text);
}
