using AspireFeedback.Web.Log;
using AspireFeedback.Web.OpenApi;

namespace AspireFeedback.Web.Admin;

/// <summary>What <c>/openapi/v1.json</c> shows of the answers to admins.</summary>
internal static class AdminExamples
{
    private static readonly Guid Owner = Guid.Parse("01981b5e-0000-7c41-b8f0-2f6f0a3f9d11");

    public static OwnedDocument Found { get; } = new(Examples.Pending, Owner);

    public static AdminDocument Full { get; } = new(Examples.Succeeded, Owner)
    {
        Payload = Examples.Submit.Payload,
        Attempts =
        [
            new(1, Examples.Succeeded.CreatedAt) { Outcome = WorkOutcome.Succeeded, EndedAt = Examples.Succeeded.LastUpdatedAt },
        ],
    };

    public static StateAt Then { get; } = new(1, Examples.Accepted.CreatedAt, "request-accepted", new(Examples.Accepted, Owner), new RequestState { Attempt = 1 });
}
